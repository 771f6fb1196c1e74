import { Flex, Typography } from '@strapi/design-system';
import { Widget } from '@strapi/strapi/admin';
import type { Overview } from '../../../server/src/contracts';
import { ShareBar } from '../components/overview/ShareBar';
import { useFormats } from '../hooks/useFormats';
import { usePoll } from '../hooks/usePoll';
import { useText } from '../hooks/useText';

const EVERY_MS = 30_000;

/** The hit rate of a day on the home page, and what it was good for. */
const HitRateWidget = () => {
  const text = useText();
  const formats = useFormats();
  const { data, error } = usePoll<Overview>('/overview?period=24h', EVERY_MS);
  if (!data) return error ? <Widget.Error /> : <Widget.Loading />;
  const { rates, totals } = data.stats;
  if (rates['24h'].requests === 0) return <Widget.NoData>{text('widget.empty')}</Widget.NoData>;
  return (
    <Flex direction="column" alignItems="stretch" justifyContent="center" gap={4} height="100%" padding={2}>
      <Flex direction="column" alignItems="flex-start" gap={2}>
        <Typography variant="pi" textColor="neutral600">
          {text('rate.24h')}
        </Typography>
        <Typography variant="alpha" fontSize="4rem" lineHeight={1}>
          {formats.percent(rates['24h'].hitRate)}
        </Typography>
        <ShareBar share={rates['24h'].hitRate ?? 0} colour="primary600" />
      </Flex>
      <Typography textColor="neutral600">
        {text('widget.saved', { count: rates['24h'].requests, time: formats.span(totals.savedMs) })}
      </Typography>
    </Flex>
  );
};

export default HitRateWidget;
