import { Flex } from '@strapi/design-system';
import type { Overview as Data, Period } from '../../../../server/src/contracts';
import type { Polled } from '../../hooks/usePoll';
import { useText } from '../../hooks/useText';
import { Card } from '../Card';
import { outcomesOf } from '../chart/colours';
import { Legend } from '../chart/Legend';
import { TrafficChart } from '../chart/TrafficChart';
import { MainAndSide } from '../Columns';
import { Empty, Incomplete, Loaded } from '../States';
import { Gains } from './Gains';
import { Incompatible } from './Incompatible';
import { NeverHit } from './NeverHit';
import { Outcomes } from './Outcomes';
import { RateTiles } from './RateTiles';
import { Savings } from './Savings';

interface OverviewProps {
  readonly overview: Polled<Data>;
  readonly period: Period;
  readonly onPeriod: (period: Period) => void;
}

/** How well the cache does, and where it does not. */
export const Overview = ({ overview, period, onPeriod }: OverviewProps) => {
  const text = useText();
  return (
    <Loaded of={overview}>
      {({ stats, complete, missing }) => {
        const { rates } = stats;
        const quiet = rates['7d'].requests + stats.totals.bypasses === 0;
        return (
          <Flex direction="column" alignItems="stretch" gap={4}>
            {missing.length > 0 && <Incompatible missing={missing} />}
            {!complete && <Incomplete />}
            <RateTiles rates={rates} period={period} onPeriod={onPeriod} />
            {quiet ? (
              <Empty>{text('overview.empty')}</Empty>
            ) : (
              <>
                <MainAndSide>
                  <Card title={text('chart.title')} action={<Legend outcomes={outcomesOf(stats.totals)} />}>
                    <TrafficChart chart={stats.chart} period={stats.period} />
                  </Card>
                  <Card title={text('outcome.title')}>
                    <Outcomes totals={stats.totals} reasons={stats.reasons} />
                  </Card>
                </MainAndSide>
                <Savings stats={stats} />
                <MainAndSide>
                  <Gains stats={stats} />
                  <NeverHit stats={stats} />
                </MainAndSide>
              </>
            )}
          </Flex>
        );
      }}
    </Loaded>
  );
};
