import type { Gain, ReasonCounts } from '../../../server/src/contracts';
import { isTextId, type Text, type TextId } from '../hooks/useText';

/** The reason that counts most among those the cache could have been of use without. */
export function mainReason(gain: Gain): string | null {
  const known = Object.entries(gain.reasons);
  const refusals = known.filter(([reason]) => reason !== 'refresh' && !reason.startsWith('miss '));
  // a response that may not be stored is a first request every time: the refusal says why
  return most(Object.fromEntries(refusals)) ?? most(gain.reasons);
}

function most(reasons: ReasonCounts): string | null {
  return Object.entries(reasons).sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

export interface ReasonText {
  readonly what: string;
  /** What would help; null where there is nothing to be done. */
  readonly help: string | null;
}

/** A reason in words: `refused header user-agent`, `bypass rule`, `miss cold`. */
export function reasonText(reason: string, text: Text): ReasonText {
  const [kind = '', name = '', ...rest] = reason.split(' ');
  const detail = rest.join(' ');
  const ids = [`reason.${kind}.${name}.${detail}`, `reason.${kind}.${name}`];
  const found = ids.find((id): id is TextId => isTextId(id));
  if (!found)
    return { what: text('reason.other', { reason: [name, detail].filter(Boolean).join(' ') }), help: null };
  const help = `${found}.help`;
  return { what: text(found, { detail }), help: isTextId(help) ? text(help, { detail }) : null };
}
