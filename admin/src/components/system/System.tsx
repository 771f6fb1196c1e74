import { Flex } from '@strapi/design-system';
import type { Overview } from '../../../../server/src/contracts';
import type { Polled } from '../../hooks/usePoll';
import { Loaded } from '../States';
import { Health } from './Health';
import { Instances } from './Instances';
import { Settings } from './Settings';

interface SystemProps {
  readonly overview: Polled<Overview>;
  readonly canConfiguration: boolean;
}

/** The store's health, and the configuration for those who may see it. */
export const System = ({ overview, canConfiguration }: SystemProps) => (
  <Flex direction="column" alignItems="stretch" gap={4}>
    <Loaded of={overview}>
      {(data) => (
        <>
          <Health overview={data} />
          {data.instances.length > 1 && <Instances overview={data} />}
        </>
      )}
    </Loaded>
    {canConfiguration && <Settings />}
  </Flex>
);
