import { Flex, IconButton, Typography } from '@strapi/design-system';
import { ChevronLeft, ChevronRight } from '@strapi/icons';
import type { EntryPage } from '../../../../server/src/contracts';
import { useText } from '../../hooks/useText';

interface PageSwitchProps {
  readonly of: EntryPage;
  readonly onPage: (page: number) => void;
}

/** One page back and forth, and where one is. */
export const PageSwitch = ({ of: { page, pageCount, found, total }, onPage }: PageSwitchProps) => {
  const text = useText();
  return (
    <Flex justifyContent="space-between" gap={4} wrap="wrap">
      <Typography variant="pi" textColor="neutral600" role="status">
        {found === total ? text('entries.total', { total }) : text('entries.found', { found, total })}
      </Typography>
      {pageCount > 1 && (
        <Flex gap={2} tag="nav" aria-label={text('entries.pages')}>
          <IconButton label={text('entries.previous')} disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <ChevronLeft />
          </IconButton>
          <Typography>{text('entries.page', { page, pageCount })}</Typography>
          <IconButton
            label={text('entries.next')}
            disabled={page >= pageCount}
            onClick={() => onPage(page + 1)}
          >
            <ChevronRight />
          </IconButton>
        </Flex>
      )}
    </Flex>
  );
};
