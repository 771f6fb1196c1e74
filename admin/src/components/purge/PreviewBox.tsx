import { Box, Flex, Typography } from '@strapi/design-system';
import type { PurgePreview } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';

const SHOWN = 5;

/** What would go. */
export const PreviewBox = ({ preview }: { preview: PurgePreview | null }) => {
  const text = useText();
  const formats = useFormats();
  const rest = preview ? preview.entries - Math.min(SHOWN, preview.sample.length) : 0;
  return (
    <Box background="neutral100" hasRadius padding={4} width="100%" aria-live="polite">
      {preview === null ? (
        <Typography textColor="neutral600">{text('preview.none')}</Typography>
      ) : (
        <Flex direction="column" alignItems="stretch" gap={2}>
          <Typography fontWeight="bold">
            {text('preview.entries', {
              count: preview.entries,
              total: preview.total,
              bytes: formats.bytes(preview.bytes),
            })}
          </Typography>
          {preview.entries > 0 && (
            <Flex tag="ul" direction="column" alignItems="stretch" gap={1}>
              {preview.sample.slice(0, SHOWN).map((label, index) => (
                <Typography key={`${label}${index}`} tag="li" variant="pi" textColor="neutral700" ellipsis>
                  {label}
                </Typography>
              ))}
              {rest > 0 && (
                <Typography tag="li" variant="pi" textColor="neutral600">
                  {text('preview.more', { count: rest })}
                </Typography>
              )}
            </Flex>
          )}
        </Flex>
      )}
    </Box>
  );
};
