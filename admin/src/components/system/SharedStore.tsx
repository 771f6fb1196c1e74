import { Box, Typography } from '@strapi/design-system';
import type { Overview } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { Facts, type Fact } from '../Facts';

type Health = NonNullable<Overview['health']>;

/** How the shared store answers, and what it costs. */
export const SharedStore = ({ overview, health }: { overview: Overview; health: Health }) => {
  const text = useText();
  const formats = useFormats();
  const { stats, bill } = overview;
  const { count, p50, p95, p99 } = stats.latency.store;
  const length = formats.span(health.lease.length);
  const period = text(`rate.${stats.period}`);
  const facts: Fact[] = [
    [
      text('health.latency'),
      count === 0
        ? '–'
        : text('health.latency.value', {
            p50: formats.span(p50),
            p95: formats.span(p95),
            p99: formats.span(p99),
          }),
    ],
    [text('health.breaker'), text(`health.breaker.${health.breaker}`)],
    [
      text('health.lease'),
      health.lease.age === null
        ? text('health.lease.unread', { length })
        : text('health.lease.value', { length, age: formats.span(health.lease.age) }),
    ],
    [text('health.pending'), formats.count(health.undelivered)],
    [text('health.commands'), formats.count(stats.totals.commands), period],
  ];
  if (bill)
    facts.push([
      text('health.cost'),
      bill.projected
        ? text('health.cost.value', {
            dollars: formats.dollars(bill.projected.monthlyDollars),
            commands: formats.compact(bill.projected.monthlyCommands),
          })
        : text('health.cost.early'),
    ]);
  return (
    <>
      <Facts facts={facts} />
      {bill && (
        <Box maxWidth="70rem">
          <Typography variant="pi" textColor="neutral600">
            {text('health.cost.hint', {
              dollars: formats.dollars(bill.dollars),
              commands: formats.count(bill.commands),
            })}
          </Typography>
        </Box>
      )}
    </>
  );
};
