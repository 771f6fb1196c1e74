import { Divider, Flex, Status, Typography } from '@strapi/design-system';
import type { Overview } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { Card } from '../Card';
import { Facts } from '../Facts';
import { ShareBar } from '../overview/ShareBar';
import { SharedStore } from './SharedStore';

/** How the store stands. */
export const Health = ({ overview }: { overview: Overview }) => {
  const { store, health, now, stats } = overview;
  const text = useText();
  const formats = useFormats();
  const well = health === null || (health.available && health.undelivered === 0);
  const state = well ? 'health.well' : health.available ? 'health.undelivered' : 'health.down';
  return (
    <Card
      title={text('health.title')}
      action={
        <Status variant={well ? 'success' : health.available ? 'warning' : 'danger'} size="S" role="status">
          <Typography fontWeight="bold">{text(state, { count: health?.undelivered ?? 0 })}</Typography>
        </Status>
      }
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Flex direction="column" alignItems="stretch" gap={2}>
          <Typography variant="pi" textColor="neutral600">
            {text('health.memory', { used: formats.bytes(store.bytes), most: formats.bytes(store.maxBytes) })}
          </Typography>
          <ShareBar share={store.bytes / store.maxBytes} colour="primary600" />
        </Flex>
        <Facts
          facts={[
            [text('health.store'), text(`store.${store.kind as 'memory' | 'upstash' | 'redis'}`)],
            [text('health.entries'), formats.count(store.entries)],
            [text('health.evictions'), formats.count(store.evictions)],
            [text('health.tags'), formats.count(store.tags)],
            [text('health.since'), `${formats.moment(stats.since)} (${formats.ago(stats.since, now)})`],
          ]}
        />
        {health && (
          <>
            <Divider />
            <SharedStore overview={overview} health={health} />
          </>
        )}
      </Flex>
    </Card>
  );
};
