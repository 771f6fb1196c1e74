import { useEffect, useState } from 'react';
import { Box, Flex, Searchbar, SearchForm, SingleSelect, SingleSelectOption } from '@strapi/design-system';
import type { EntryOrder } from '../../../../server/src/contracts';
import { useText } from '../../hooks/useText';

export const ORDERS = [
  'used',
  'hits',
  'bytes',
  'cost',
  'age',
  'ttl',
  'label',
] as const satisfies readonly EntryOrder[];

interface EntryControlsProps {
  readonly search: string;
  readonly order: EntryOrder;
  readonly onSearch: (search: string) => void;
  readonly onOrder: (order: EntryOrder) => void;
}

const PAUSE_MS = 300;

/** Search by URL or tag, and the order. */
export const EntryControls = ({ search, order, onSearch, onOrder }: EntryControlsProps) => {
  const text = useText();
  const [typed, setTyped] = useState(search);
  useEffect(() => {
    if (typed === search) return;
    const timer = setTimeout(() => onSearch(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, search, onSearch]);
  return (
    <Flex gap={4} wrap="wrap" alignItems="stretch">
      <Box flex="1 1 26rem">
        <SearchForm
          onSubmit={(event) => {
            event.preventDefault();
            onSearch(typed);
          }}
        >
          <Searchbar
            name="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onClear={() => setTyped('')}
            clearLabel={text('entries.clear')}
            placeholder={text('entries.search.placeholder')}
          >
            {text('entries.search')}
          </Searchbar>
        </SearchForm>
      </Box>
      <Box flex="0 1 22rem">
        <SingleSelect
          size="S"
          aria-label={text('entries.order')}
          value={order}
          onChange={(value) => onOrder(ORDERS.find((it) => it === value) ?? 'used')}
        >
          {ORDERS.map((it) => (
            <SingleSelectOption key={it} value={it}>
              {text(`order.${it}`)}
            </SingleSelectOption>
          ))}
        </SingleSelect>
      </Box>
    </Flex>
  );
};
