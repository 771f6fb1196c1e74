import { Badge, Box, Divider, Flex, Typography } from '@strapi/design-system';
import type { RouteGain, StatsSummary } from '../../../../server/src/contracts';
import { useText } from '../../hooks/useText';
import { mainReason, reasonText } from '../../utils/reasons';
import { Card } from '../Card';

const SHOWN = 8;

const Route = ({ route }: { route: RouteGain }) => {
  const text = useText();
  const reason = mainReason(route);
  const said = reason === null ? null : reasonText(reason, text);
  return (
    <Flex direction="column" alignItems="stretch" gap={1} tag="li" paddingTop={3} paddingBottom={3}>
      <Flex justifyContent="space-between" alignItems="flex-start" gap={2}>
        <Typography fontWeight="semiBold" style={{ overflowWrap: 'anywhere' }}>
          {route.template}
        </Typography>
        <Badge style={{ flex: 'none' }}>
          {text('never.requests', { count: route.requests + route.bypasses })}
        </Badge>
      </Flex>
      {said && <Typography textColor="neutral800">{said.what}</Typography>}
      {said?.help && (
        <Typography variant="pi" textColor="neutral600">
          {said.help}
        </Typography>
      )}
    </Flex>
  );
};

/** Routes that the cache was of no use to, why, and what would help. */
export const NeverHit = ({ stats }: { stats: StatsSummary }) => {
  const text = useText();
  const routes = stats.routes
    .filter((it) => it.hits === 0)
    .sort((a, b) => b.requests + b.bypasses - a.requests - a.bypasses)
    .slice(0, SHOWN);
  return (
    <Card title={text('never.title')} hint={text('never.hint')}>
      {routes.length === 0 ? (
        <Typography textColor="neutral600">{text('never.none')}</Typography>
      ) : (
        <Box tag="ul">
          {routes.map((route, index) => (
            <div key={route.template}>
              {index > 0 && <Divider />}
              <Route route={route} />
            </div>
          ))}
        </Box>
      )}
    </Card>
  );
};
