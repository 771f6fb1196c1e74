import type { ReactNode } from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';
import { WarningCircle } from '@strapi/icons';

interface NoticeProps {
  readonly kind: 'danger' | 'warning';
  readonly title: string;
  readonly children: string;
  readonly action?: ReactNode;
}

/** Something that is wrong for as long as it stands there: unlike an alert it cannot be closed. */
export const Notice = ({ kind, title, children, action }: NoticeProps) => (
  <Flex
    role={kind === 'danger' ? 'alert' : 'status'}
    background={`${kind}100`}
    borderColor={`${kind}200`}
    hasRadius
    gap={3}
    wrap="wrap"
    justifyContent="space-between"
    padding={4}
  >
    <Flex gap={3} alignItems="flex-start" flex="1 1 20rem">
      <Box style={{ flex: 'none', lineHeight: 0, marginTop: 2 }}>
        <WarningCircle fill={`${kind}600`} width="16px" height="16px" aria-hidden />
      </Box>
      <Flex direction="column" alignItems="flex-start" gap={1}>
        <Typography fontWeight="bold">{title}</Typography>
        <Typography>{children}</Typography>
      </Flex>
    </Flex>
    {action}
  </Flex>
);
