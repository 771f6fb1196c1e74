import type { Consequence, MissingPiece } from '../../../../server/src/contracts';
import { useText } from '../../hooks/useText';
import { Notice } from '../Notice';

/** From the worst on: what is left without a piece of Strapi. */
const CONSEQUENCES: readonly Consequence[] = ['uncached', 'no-limits', 'by-type', 'at-route'];

/** What this version of Strapi lacks, for as long as it does. */
export const Incompatible = ({ missing }: { readonly missing: readonly MissingPiece[] }) => {
  const text = useText();
  const effects = CONSEQUENCES.filter((it) => missing.some(({ without }) => without === it));
  const names = missing.map(({ name }) => name).join(', ');
  return (
    <Notice kind={effects.includes('uncached') ? 'danger' : 'warning'} title={text('incompatible.title')}>
      {[...effects.map((it) => text(`incompatible.${it}`)), text('incompatible.missing', { names })].join(
        ' ',
      )}
    </Notice>
  );
};
