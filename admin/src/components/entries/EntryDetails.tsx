import { Box, Button, Flex, Modal, Typography } from '@strapi/design-system';
import type { EntryDetails as Data } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { usePoll } from '../../hooks/usePoll';
import { useText } from '../../hooks/useText';
import { Facts } from '../Facts';
import { Loaded } from '../States';
import { TagList } from './TagList';

interface EntryDetailsProps {
  readonly entryKey: string | null;
  readonly onClose: () => void;
}

const Heading = ({ children }: { children: string }) => (
  <Typography variant="delta" tag="h3">
    {children}
  </Typography>
);

/** Everything about one stored response but its body. */
export const EntryDetails = ({ entryKey, onClose }: EntryDetailsProps) => {
  const text = useText();
  const formats = useFormats();
  const entry = usePoll<Data>(entryKey === null ? null : `/entries/${entryKey}`, 0);
  return (
    <Modal.Root open={entryKey !== null} onOpenChange={(open) => !open && onClose()}>
      <Modal.Content>
        <Modal.Header closeLabel={text('common.close')}>
          <Modal.Title>{text('entry.title')}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <Loaded of={entry}>
            {(it) => (
              <Flex direction="column" alignItems="stretch" gap={5}>
                <Box background="neutral100" hasRadius padding={3}>
                  <Typography style={{ overflowWrap: 'anywhere' }}>{it.label}</Typography>
                </Box>
                <Facts
                  facts={[
                    [text('entry.route'), it.route ?? '–'],
                    [text('entries.caller'), text(`caller.${it.caller}.long`)],
                    [text('entry.status'), String(it.status)],
                    [text('entry.stored'), formats.moment(it.storedAt)],
                    [text('entry.fresh'), formats.moment(it.freshUntil)],
                    [text('entry.body'), formats.bytes(it.bodyBytes)],
                    [text('entries.size'), formats.bytes(it.bytes)],
                    [text('entries.hits'), formats.count(it.hits)],
                    [text('entries.cost'), formats.span(it.cost)],
                  ]}
                />
                <Heading>{text('entry.tags', { count: it.tags.length })}</Heading>
                <TagList tags={it.tags} />
                <Heading>{text('entry.headers')}</Heading>
                <Facts facts={it.headers} />
              </Flex>
            )}
          </Loaded>
        </Modal.Body>
        <Modal.Footer>
          <Button variant="tertiary" onClick={onClose}>
            {text('common.close')}
          </Button>
        </Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );
};
