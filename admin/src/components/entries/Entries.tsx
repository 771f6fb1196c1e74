import { useCallback, useState } from 'react';
import { Flex } from '@strapi/design-system';
import { useQueryParams } from '@strapi/strapi/admin';
import type { EntryOrder, EntryPage } from '../../../../server/src/contracts';
import { usePoll } from '../../hooks/usePoll';
import { usePurge } from '../../hooks/usePurge';
import { useText } from '../../hooks/useText';
import { TablePlace } from '../Columns';
import { Empty, Loaded } from '../States';
import { EntryControls } from './EntryControls';
import { EntryDetails } from './EntryDetails';
import { EntryTable } from './EntryTable';
import { PageSwitch } from './PageSwitch';

const EVERY_MS = 10_000;

/** What is stored in this process: found, looked into, dropped one by one. */
export const Entries = ({ canPurge }: { canPurge: boolean }) => {
  const text = useText();
  const [{ query }, setQuery] = useQueryParams<{ search?: string }>();
  const search = query?.search ?? '';
  const [order, setOrder] = useState<EntryOrder>('used');
  const [page, setPage] = useState(1);
  const [shown, setShown] = useState<string | null>(null);
  const { purge } = usePurge();
  const asked = new URLSearchParams({ search, order, page: String(page) });
  const entries = usePoll<EntryPage>(`/entries?${asked.toString()}`, EVERY_MS);
  const onSearch = useCallback(
    (text: string) => {
      setPage(1);
      setQuery({ search: text });
    },
    [setQuery],
  );
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <EntryControls search={search} order={order} onSearch={onSearch} onOrder={setOrder} />
      <Loaded of={entries}>
        {(data) =>
          data.found === 0 ? (
            <Empty>{text(data.total === 0 ? 'entries.empty' : 'entries.nothing')}</Empty>
          ) : (
            <>
              <TablePlace $hide={[2, 3, 4, 5, 7]}>
                <EntryTable
                  entries={data.entries}
                  now={data.now}
                  onShow={setShown}
                  onPurge={
                    canPurge ? (entry) => void purge({ keys: [entry.key] }).then(entries.refresh) : undefined
                  }
                />
              </TablePlace>
              <PageSwitch of={data} onPage={setPage} />
            </>
          )
        }
      </Loaded>
      {shown !== null && <EntryDetails entryKey={shown} onClose={() => setShown(null)} />}
    </Flex>
  );
};
