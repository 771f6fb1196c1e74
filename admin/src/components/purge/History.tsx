import {
  Badge,
  Button,
  Flex,
  Modal,
  Table,
  Tbody,
  Td,
  Th,
  Thead,
  Tr,
  Typography,
} from '@strapi/design-system';
import { useState } from 'react';
import type { PurgeListed, PurgeRecord, Purges } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { usePoll } from '../../hooks/usePoll';
import { isTextId, useText, type Text } from '../../hooks/useText';
import { TablePlace } from '../Columns';
import { TagList } from '../entries/TagList';
import { Empty, Incomplete, Loaded } from '../States';

const EVERY_MS = 5000;
const PAGE = 25;

/** What happened: `Published api::article.article`, or `Purged by hand`. */
export function whatHappened({ source, action, uid }: PurgeRecord, text: Text): string {
  if (source === 'manual') return text('history.manual');
  const id = `history.action.${action}`;
  const what = isTextId(id) ? text(id) : action;
  return uid ? `${what} · ${uid}` : what;
}

/** The last purges of this instance. */
export const History = () => {
  const text = useText();
  const formats = useFormats();
  const [limit, setLimit] = useState(PAGE);
  const history = usePoll<Purges>(`/purges?limit=${limit}`, EVERY_MS);
  const [shown, setShown] = useState<PurgeListed | null>(null);
  const heads = (['when', 'what', 'by', 'tags', 'took'] as const).map((it) => text(`history.${it}`));
  return (
    <Loaded of={history}>
      {({ purges, now, total, complete }) =>
        purges.length === 0 ? (
          <Empty>{text('history.empty')}</Empty>
        ) : (
          <>
            {!complete && <Incomplete />}
            <TablePlace $hide={[3, 5]}>
              <Table colCount={heads.length} rowCount={purges.length + 1}>
                <Thead>
                  <Tr>
                    {heads.map((head) => (
                      <Th key={head}>
                        <Typography variant="sigma" textColor="neutral600">
                          {head}
                        </Typography>
                      </Th>
                    ))}
                  </Tr>
                </Thead>
                <Tbody>
                  {purges.map((record) => (
                    <Tr key={record.id}>
                      <Td>
                        <Flex direction="column" alignItems="flex-start">
                          <Typography title={formats.moment(record.at)}>
                            {formats.ago(record.at, now)}
                          </Typography>
                          {record.instance && (
                            <Typography variant="pi" textColor="neutral600">
                              {record.instance}
                            </Typography>
                          )}
                        </Flex>
                      </Td>
                      <Td>
                        <Flex gap={2}>
                          <Typography>{whatHappened(record, text)}</Typography>
                          {record.all && <Badge variant="warning">{text('history.all')}</Badge>}
                          {record.entries !== undefined && (
                            <Badge>{text('history.entries', { count: record.entries })}</Badge>
                          )}
                        </Flex>
                      </Td>
                      <Td>
                        <Typography textColor="neutral600">{record.by ?? text('history.nobody')}</Typography>
                      </Td>
                      <Td>
                        {record.count > 0 ? (
                          <Button variant="tertiary" size="S" onClick={() => setShown(record)}>
                            {text('history.count', { count: record.count })}
                          </Button>
                        ) : (
                          <Typography textColor="neutral600">–</Typography>
                        )}
                      </Td>
                      <Td>
                        <Typography>{formats.span(record.took)}</Typography>
                      </Td>
                    </Tr>
                  ))}
                </Tbody>
              </Table>
            </TablePlace>
            {total > purges.length && (
              <Flex justifyContent="center">
                <Button variant="tertiary" onClick={() => setLimit(limit + PAGE)}>
                  {text('history.more')}
                </Button>
              </Flex>
            )}
            {shown && (
              <Modal.Root open onOpenChange={(open) => !open && setShown(null)}>
                <Modal.Content>
                  <Modal.Header closeLabel={text('common.close')}>
                    <Modal.Title>{whatHappened(shown, text)}</Modal.Title>
                  </Modal.Header>
                  <Modal.Body>
                    <TagList tags={shown.tags} />
                    {shown.count > shown.tags.length && (
                      <Typography variant="pi" textColor="neutral600">
                        {text('preview.more', { count: shown.count - shown.tags.length })}
                      </Typography>
                    )}
                  </Modal.Body>
                </Modal.Content>
              </Modal.Root>
            )}
          </>
        )
      }
    </Loaded>
  );
};
