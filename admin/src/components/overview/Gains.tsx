import { useState } from 'react';
import { Box, SingleSelect, SingleSelectOption, Typography } from '@strapi/design-system';
import type { StatsSummary } from '../../../../server/src/contracts';
import { useText } from '../../hooks/useText';
import { Card } from '../Card';
import { TablePlace } from '../Columns';
import { GainTable, type GainRow } from './GainTable';

const SHOWN = 8;

/** What gains most: by route, or by content type. */
export const Gains = ({ stats }: { stats: StatsSummary }) => {
  const text = useText();
  const [by, setBy] = useState<'routes' | 'types'>('routes');
  const rows: GainRow[] =
    by === 'routes'
      ? stats.routes.map((it) => ({ ...it, name: it.template, note: it.type }))
      : stats.types.map((it) => ({ ...it, name: it.type, note: text('gain.routes', { count: it.routes }) }));
  const best = rows
    .filter((it) => it.hits > 0)
    .sort((a, b) => b.savedMs - a.savedMs || b.hits - a.hits)
    .slice(0, SHOWN);
  return (
    <Card
      title={text('gain.title')}
      hint={text('gain.hint')}
      flush
      action={
        <Box minWidth="160px">
          <SingleSelect
            size="S"
            aria-label={text('gain.by')}
            value={by}
            onChange={(value) => setBy(value === 'types' ? 'types' : 'routes')}
          >
            <SingleSelectOption value="routes">{text('gain.by.routes')}</SingleSelectOption>
            <SingleSelectOption value="types">{text('gain.by.types')}</SingleSelectOption>
          </SingleSelect>
        </Box>
      }
    >
      {best.length > 0 ? (
        <TablePlace $hide={[2, 5]} $inCard>
          <GainTable rows={best} title={text(by === 'routes' ? 'gain.route' : 'gain.type')} />
        </TablePlace>
      ) : (
        <Box paddingLeft={6} paddingRight={6} paddingBottom={5}>
          <Typography textColor="neutral600">{text('gain.none')}</Typography>
        </Box>
      )}
    </Card>
  );
};
