import { Flex } from '@strapi/design-system';
import type { RateLimits as Data } from '../../../../server/src/contracts';
import { usePoll } from '../../hooks/usePoll';
import { useText } from '../../hooks/useText';
import { Empty, Incomplete, Loaded } from '../States';
import { PolicyCard } from './PolicyCard';

const EVERY_MS = 5000;

/** What the rate limits let through and whom they held back. */
export const RateLimits = ({ canReset }: { canReset: boolean }) => {
  const text = useText();
  const limits = usePoll<Data>('/rate-limits', EVERY_MS);
  return (
    <Loaded of={limits}>
      {({ policies, now, complete }) =>
        policies.length === 0 ? (
          <Empty>{text('limits.empty')}</Empty>
        ) : (
          <Flex direction="column" alignItems="stretch" gap={4}>
            {!complete && <Incomplete />}
            {policies.map((policy) => (
              <PolicyCard
                key={policy.name}
                policy={policy}
                now={now}
                canReset={canReset}
                onReset={limits.refresh}
              />
            ))}
          </Flex>
        )
      }
    </Loaded>
  );
};
