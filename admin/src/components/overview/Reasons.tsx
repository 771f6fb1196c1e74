import { Divider, Flex, Typography } from '@strapi/design-system';
import type { ReasonCounts } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';

interface ReasonsProps {
  readonly title: string;
  readonly counts: ReasonCounts;
  /** A reason in words. */
  readonly say: (reason: string) => string;
}

const SHOWN = 4;

/** The reasons that were given most, with how often. They are counted since the start. */
export const Reasons = ({ title, counts, say }: ReasonsProps) => {
  const formats = useFormats();
  const most = Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .slice(0, SHOWN);
  if (most.length === 0) return null;
  return (
    <>
      <Divider />
      <Typography variant="sigma" tag="h3" textColor="neutral600">
        {title}
      </Typography>
      <Flex direction="column" alignItems="stretch" gap={2} tag="ul">
        {most.map(([reason, count]) => (
          <Flex key={reason} tag="li" justifyContent="space-between" alignItems="flex-start" gap={4}>
            <Typography variant="pi">{say(reason)}</Typography>
            <Typography variant="pi" textColor="neutral600" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {formats.count(count)}
            </Typography>
          </Flex>
        ))}
      </Flex>
    </>
  );
};
