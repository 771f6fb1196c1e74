import { Box } from '@strapi/design-system';

/** A part of a whole as a bar. The number stands beside it, so it is hidden from screen readers. */
export const ShareBar = ({ share, colour }: { share: number; colour: string }) => (
  <Box background="neutral150" hasRadius style={{ height: 4, width: '100%', overflow: 'hidden' }} aria-hidden>
    <Box background={colour} style={{ height: '100%', width: `${Math.min(1, share) * 100}%` }} />
  </Box>
);
