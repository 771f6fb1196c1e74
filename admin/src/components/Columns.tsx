import { styled } from 'styled-components';

/** Cells side by side that are never narrower than a width, and stand under each other where there is no room. */
export const Columns = styled.div<{ $least: number; $gap?: number }>`
  display: grid;
  gap: ${({ $gap = 16 }) => $gap}px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, ${({ $least }) => $least}px), 1fr));
`;

/** A wide and a narrow column. */
export const MainAndSide = styled.div`
  display: grid;
  gap: 16px;
  grid-template-columns: minmax(0, 1fr);

  @media (min-width: 1080px) {
    grid-template-columns: minmax(0, 5fr) minmax(0, 2fr);
  }
`;

/** Keeps what is too wide inside of its place, where it scrolls. */
export const Scroller = styled.div`
  overflow-x: auto;
  width: 100%;

  [role='tab'] {
    white-space: nowrap;
  }
`;

const columns = (hide: readonly number[]): string =>
  hide.map((it) => `th:nth-child(${it}), td:nth-child(${it})`).join(', ') || 'caption';

/** Room for a table; on narrow screens the columns that matter less are left out. */
export const TablePlace = styled.div<{ $hide: readonly number[]; $inCard?: boolean }>`
  width: 100%;
  min-width: 0;

  ${({ $inCard }) => ($inCard ? '> div { border: 0; box-shadow: none; border-radius: 0; }' : '')}

  @media (max-width: 720px) {
    ${({ $hide }) => columns($hide)} {
      display: none;
    }

    th,
    td {
      padding-left: 12px;
      padding-right: 4px;
    }
  }
`;
