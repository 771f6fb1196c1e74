import type { ReactNode } from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: ReactNode;
}

/** One number with its name above and what it means beneath. */
export const Figure = ({ label, value, hint }: FigureProps) => (
  <Box
    background="neutral0"
    hasRadius
    shadow="tableShadow"
    borderColor="neutral150"
    padding={5}
    height="100%"
    width="100%"
  >
    <Flex direction="column" alignItems="flex-start" gap={1} tag="dl" margin={0}>
      <Typography tag="dt" variant="pi" textColor="neutral600">
        {label}
      </Typography>
      <Typography tag="dd" variant="alpha" style={{ margin: 0, fontVariantNumeric: 'tabular-nums' }}>
        {value}
      </Typography>
      {hint && (
        <Typography tag="dd" variant="pi" textColor="neutral600" style={{ margin: 0 }}>
          {hint}
        </Typography>
      )}
    </Flex>
  </Box>
);
