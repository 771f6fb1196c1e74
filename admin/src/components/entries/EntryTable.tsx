import {
  Badge,
  Flex,
  IconButton,
  Table,
  Tbody,
  Td,
  Th,
  Thead,
  Tr,
  Typography,
  VisuallyHidden,
} from '@strapi/design-system';
import { Eye, Trash } from '@strapi/icons';
import { styled } from 'styled-components';
import type { EntrySummary } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';

interface EntryTableProps {
  readonly entries: readonly EntrySummary[];
  readonly now: number;
  readonly onShow: (key: string) => void;
  /** Left out where purging is not allowed. */
  readonly onPurge?: (entry: EntrySummary) => void;
}

const Label = styled(Typography)`
  display: block;
  max-width: min(46rem, 38vw);
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
`;

const NUMERIC = { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const;

/** Stored responses, one a row. */
export const EntryTable = ({ entries, now, onShow, onPurge }: EntryTableProps) => {
  const text = useText();
  const formats = useFormats();
  const heads = (['label', 'caller', 'age', 'ttl', 'size', 'hits', 'cost'] as const).map((it) =>
    text(`entries.${it}`),
  );
  return (
    <Table colCount={heads.length + 1} rowCount={entries.length + 1}>
      <Thead>
        <Tr>
          {heads.map((head) => (
            <Th key={head}>
              <Typography variant="sigma" textColor="neutral600">
                {head}
              </Typography>
            </Th>
          ))}
          <Th>
            <VisuallyHidden>{text('entries.actions')}</VisuallyHidden>
          </Th>
        </Tr>
      </Thead>
      <Tbody>
        {entries.map((entry) => (
          <Tr key={entry.key}>
            <Td>
              <Label title={entry.label}>{entry.label}</Label>
            </Td>
            <Td>
              <Badge>{text(`caller.${entry.caller}`)}</Badge>
            </Td>
            <Td>
              <Typography style={NUMERIC}>{formats.ago(entry.storedAt, now)}</Typography>
            </Td>
            <Td>
              <Typography style={NUMERIC}>{formats.span(entry.freshUntil - now)}</Typography>
            </Td>
            <Td>
              <Typography style={NUMERIC}>{formats.bytes(entry.bytes)}</Typography>
            </Td>
            <Td>
              <Typography style={NUMERIC}>{formats.compact(entry.hits)}</Typography>
            </Td>
            <Td>
              <Typography style={NUMERIC}>{formats.span(entry.cost)}</Typography>
            </Td>
            <Td>
              <Flex gap={1} justifyContent="flex-end">
                <IconButton
                  variant="ghost"
                  label={text('entries.show', { label: entry.label })}
                  onClick={() => onShow(entry.key)}
                >
                  <Eye />
                </IconButton>
                {onPurge && (
                  <IconButton
                    variant="ghost"
                    label={text('entries.purge', { label: entry.label })}
                    onClick={() => onPurge(entry)}
                  >
                    <Trash />
                  </IconButton>
                )}
              </Flex>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
};
