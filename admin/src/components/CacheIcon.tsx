import { useTheme } from 'styled-components';

interface CacheIconProps {
  readonly width?: number | string;
  readonly height?: number | string;
  /** A colour of the theme, as for the icons of the design system; left out, that of the text around. */
  readonly fill?: string;
}

/** A store with a bolt: what is kept, answered at once. */
export const CacheIcon = ({ width = 16, height = 16, fill }: CacheIconProps) => {
  const { colors } = useTheme();
  const colour =
    fill === undefined ? 'currentColor' : (new Map<string, string>(Object.entries(colors)).get(fill) ?? fill);
  return (
    <svg viewBox="0 0 32 32" width={width} height={height} fill={colour} aria-hidden>
      <path d="M14 3c5.5 0 10 1.8 10 4s-4.5 4-10 4S4 9.2 4 7s4.5-4 10-4Z" />
      <path d="M4 10.5C6 12.2 9.8 13 14 13s8-.8 10-2.5V14c0 2.2-4.5 4-10 4S4 16.2 4 14v-3.5Z" />
      <path d="M4 17.5C6 19.2 9.8 20 14 20c1.2 0 2.3-.1 3.4-.2L13.5 25C8.2 24.9 4 23.1 4 21v-3.5Z" />
      <path d="M25 17.5 16.5 26H21l-2 6 9.5-9.5H23l2-5Z" />
    </svg>
  );
};
