import { Divider, Flex, Typography } from '@strapi/design-system';
import type { StatsSummary } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { isTextId, useText, type Text } from '../../hooks/useText';
import { reasonText } from '../../utils/reasons';
import { OUTCOME_COLOURS, OUTCOMES, outcomesOf } from '../chart/colours';
import { Reasons } from './Reasons';
import { ShareBar } from './ShareBar';

const CAUSES = ['cold', 'expired', 'purged', 'evicted', 'unavailable'] as const;

interface LineProps {
  readonly label: string;
  readonly count: number;
  readonly of: number;
  readonly colour: string;
}

const Line = ({ label, count, of, colour }: LineProps) => {
  const formats = useFormats();
  const share = of === 0 ? 0 : count / of;
  return (
    <Flex direction="column" alignItems="stretch" gap={1} tag="li">
      <Flex justifyContent="space-between" gap={2}>
        <Typography variant="pi">{label}</Typography>
        <Typography variant="pi" textColor="neutral600" style={{ fontVariantNumeric: 'tabular-nums' }}>
          <b>{formats.count(count)}</b> · {formats.percent(of === 0 ? null : share)}
        </Typography>
      </Flex>
      <ShareBar share={share} colour={colour} />
    </Flex>
  );
};

function bypassText(reason: string, text: Text): string {
  const id = `bypass.${reason}`;
  return isTextId(id) ? text(id) : reason;
}

/** What became of the requests of a period, and why the misses were misses. */
export const Outcomes = ({ totals, reasons }: Pick<StatsSummary, 'totals' | 'reasons'>) => {
  const text = useText();
  const all = OUTCOMES.reduce((sum, it) => sum + totals[it], 0);
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Flex direction="column" alignItems="stretch" gap={3} tag="ul">
        {outcomesOf(totals).map((it) => (
          <Line
            key={it}
            label={text(`outcome.${it}`)}
            count={totals[it]}
            of={all}
            colour={OUTCOME_COLOURS[it]}
          />
        ))}
      </Flex>
      {totals.refreshes > 0 && (
        <Typography variant="pi" textColor="neutral600">
          {text('outcome.refreshes', { count: totals.refreshes })}
        </Typography>
      )}
      {totals.misses > 0 && (
        <>
          <Divider />
          <Typography variant="sigma" tag="h3" textColor="neutral600">
            {text('outcome.why')}
          </Typography>
          <Flex direction="column" alignItems="stretch" gap={3} tag="ul">
            {CAUSES.filter((it) => totals[it] > 0).map((it) => (
              <Line
                key={it}
                label={text(`cause.${it}`)}
                count={totals[it]}
                of={totals.misses}
                colour="warning500"
              />
            ))}
            {totals.coalesced > 0 && (
              <Line
                label={text('cause.coalesced')}
                count={totals.coalesced}
                of={totals.misses}
                colour="primary200"
              />
            )}
          </Flex>
        </>
      )}
      <Reasons
        title={text('outcome.past')}
        counts={reasons.bypass}
        say={(reason) => bypassText(reason, text)}
      />
      <Reasons
        title={text('outcome.unstored')}
        counts={reasons.refused}
        say={(reason) => reasonText(`refused ${reason}`, text).what}
      />
    </Flex>
  );
};
