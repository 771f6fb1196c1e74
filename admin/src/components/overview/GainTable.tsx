import { Box, Flex, Table, Tbody, Td, Th, Thead, Tr, Typography } from '@strapi/design-system';
import type { Gain } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { ShareBar } from './ShareBar';

export interface GainRow extends Gain {
  readonly name: string;
  readonly note: string | null;
}

const NUMERIC = { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const;

/** Routes or types with what they were asked and what the cache saved them. */
export const GainTable = ({ rows, title }: { rows: readonly GainRow[]; title: string }) => {
  const text = useText();
  const formats = useFormats();
  const heads = [title, text('gain.requests'), text('gain.hitRate'), text('gain.saved'), text('gain.fill')];
  return (
    <Table colCount={heads.length} rowCount={rows.length + 1}>
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
        {rows.map((row) => (
          <Tr key={row.name}>
            <Td>
              <Flex direction="column" alignItems="flex-start">
                <Typography fontWeight="semiBold" style={{ overflowWrap: 'anywhere' }}>
                  {row.name}
                </Typography>
                {row.note && (
                  <Typography variant="pi" textColor="neutral600">
                    {row.note}
                  </Typography>
                )}
              </Flex>
            </Td>
            <Td>
              <Typography style={NUMERIC}>{formats.compact(row.requests)}</Typography>
            </Td>
            <Td>
              <Box minWidth="72px">
                <Typography style={NUMERIC}>{formats.percent(row.hitRate)}</Typography>
                <ShareBar share={row.hitRate ?? 0} colour="primary600" />
              </Box>
            </Td>
            <Td>
              <Typography style={NUMERIC}>{formats.span(row.savedMs)}</Typography>
            </Td>
            <Td>
              <Typography style={NUMERIC}>{row.fillMs > 0 ? formats.span(row.fillMs) : '–'}</Typography>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
};
