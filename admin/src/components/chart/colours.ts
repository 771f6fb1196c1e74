import { useTheme, type DefaultTheme } from 'styled-components';

export type OutcomeName = 'hits' | 'stale' | 'misses' | 'bypasses';

export const OUTCOMES: readonly OutcomeName[] = ['hits', 'stale', 'misses', 'bypasses'];

/** Those that are worth a line: an application that never serves stale responses need not read of them. */
export const outcomesOf = (counts: Readonly<Record<OutcomeName, number>>): readonly OutcomeName[] =>
  OUTCOMES.filter((it) => it !== 'stale' || counts.stale > 0);

type ColourName = keyof DefaultTheme['colors'];

/** A colour of the theme in force: light or dark. */
export function useColour(): (name: ColourName) => string {
  const { colors } = useTheme();
  return (name) => colors[name];
}

export const OUTCOME_COLOURS: Readonly<Record<OutcomeName, ColourName>> = {
  hits: 'primary600',
  stale: 'alternative500',
  misses: 'warning500',
  bypasses: 'neutral300',
};
