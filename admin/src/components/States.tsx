import type { ReactNode } from 'react';
import { Alert, Box, Button, EmptyStateLayout, Flex, Loader } from '@strapi/design-system';
import { useAPIErrorHandler } from '@strapi/strapi/admin';
import type { Polled } from '../hooks/usePoll';
import { useText } from '../hooks/useText';
import { CacheIcon } from './CacheIcon';

/** What stands where there is nothing yet. */
export const Empty = ({ children, action }: { children: string; action?: ReactNode }) => (
  <EmptyStateLayout
    icon={
      <Box color="neutral400">
        <CacheIcon width={56} height={56} />
      </Box>
    }
    content={children}
    action={action}
    shadow="tableShadow"
    hasRadius
  />
);

/** Said where numbers of the other instances are missing. */
export const Incomplete = () => {
  const text = useText();
  return (
    <Alert variant="warning" title={text('fleet.incomplete.title')} closeLabel={text('common.close')}>
      {text('fleet.incomplete')}
    </Alert>
  );
};

interface LoadedProps<T> {
  readonly of: Polled<T>;
  readonly children: (data: T) => ReactNode;
}

/** Data once it is there; before, that it is loading; and what went wrong, above the data that is still there. */
export function Loaded<T>({ of, children }: LoadedProps<T>) {
  const text = useText();
  const { formatAPIError } = useAPIErrorHandler();
  if (of.isLoading)
    return (
      <Flex justifyContent="center" padding={10}>
        <Loader>{text('state.loading')}</Loader>
      </Flex>
    );
  const message = of.error ? formatAPIError(of.error as Parameters<typeof formatAPIError>[0]) : null;
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      {message !== null && (
        <Alert
          variant="danger"
          title={of.data ? text('state.outdated') : text('state.error')}
          closeLabel={text('common.close')}
          action={
            <Button size="S" variant="tertiary" onClick={of.refresh}>
              {text('state.retry')}
            </Button>
          }
        >
          {message}
        </Alert>
      )}
      {of.data !== null && children(of.data)}
    </Flex>
  );
}
