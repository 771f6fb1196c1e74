import { useId, type ReactNode } from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';

interface CardProps {
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
  /** Without padding, for tables that reach the edge. */
  readonly flush?: boolean;
}

/** A titled part of the page. */
export const Card = ({ title, hint, action, children, flush = false }: CardProps) => {
  const id = useId();
  return (
    <Flex
      direction="column"
      alignItems="stretch"
      tag="section"
      aria-labelledby={id}
      background="neutral0"
      hasRadius
      shadow="tableShadow"
      borderColor="neutral150"
      height="100%"
      width="100%"
      overflow="hidden"
    >
      <Flex
        justifyContent="space-between"
        alignItems="flex-start"
        gap={4}
        paddingTop={5}
        paddingLeft={6}
        paddingRight={6}
        paddingBottom={flush ? 4 : 0}
        wrap="wrap"
      >
        <Flex direction="column" alignItems="flex-start" gap={1}>
          <Typography id={id} tag="h2" variant="delta">
            {title}
          </Typography>
          {hint && (
            <Typography variant="pi" textColor="neutral600">
              {hint}
            </Typography>
          )}
        </Flex>
        {action}
      </Flex>
      <Box
        paddingLeft={flush ? 0 : 6}
        paddingRight={flush ? 0 : 6}
        paddingTop={flush ? 0 : 5}
        paddingBottom={flush ? 0 : 5}
        flex="1 1 auto"
        minWidth={0}
      >
        {children}
      </Box>
    </Flex>
  );
};
