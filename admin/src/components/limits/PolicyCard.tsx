import { Badge, Box, Flex, Typography } from '@strapi/design-system';
import type { PolicyListed } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { Card } from '../Card';
import { TablePlace } from '../Columns';
import { LimitedTable } from './LimitedTable';

interface PolicyCardProps {
  readonly policy: PolicyListed;
  readonly now: number;
  readonly canReset: boolean;
  readonly onReset: () => void;
}

const HOUR = 3_600_000;

function quotaText(quota: PolicyListed['quota'], count: (value: number) => string): string {
  if (typeof quota === 'number') return count(quota);
  return Object.entries(quota)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${name} ${count(value as number)}`)
    .join(', ');
}

/** One policy: what it allowed and refused in the last hour, and whom it refused most. */
export const PolicyCard = ({ policy, now, canReset, onReset }: PolicyCardProps) => {
  const text = useText();
  const formats = useFormats();
  const sum = (of: 'allowed' | 'limited' | 'dryRun'): number =>
    policy.minutes.filter(({ at }) => at > now - HOUR).reduce((all, slot) => all + slot[of], 0);
  const rule = text('limits.rule', {
    quota: quotaText(policy.quota, formats.count),
    window: formats.span(policy.window),
    algorithm: policy.algorithm,
  });
  return (
    <Card
      title={policy.name}
      hint={rule}
      flush
      action={policy.dryRun ? <Badge variant="warning">{text('limits.badge')}</Badge> : undefined}
    >
      <Flex gap={6} wrap="wrap" paddingLeft={6} paddingRight={6} paddingBottom={5}>
        {(['allowed', 'limited', 'dryRun'] as const)
          .filter((it) => it !== 'dryRun' || policy.dryRun)
          .map((it) => (
            <Box key={it}>
              <Typography variant="beta">{formats.compact(sum(it))}</Typography>{' '}
              <Typography variant="pi" textColor="neutral600">
                {text(`limits.${it}`)}
              </Typography>
            </Box>
          ))}
      </Flex>
      {policy.top.length > 0 && (
        <TablePlace $hide={[3]} $inCard>
          <LimitedTable policy={policy} now={now} canReset={canReset} onReset={onReset} />
        </TablePlace>
      )}
    </Card>
  );
};
