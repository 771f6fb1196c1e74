import { useMemo } from 'react';
import { useIntl, type FormatNumberOptions, type IntlShape } from 'react-intl';

export interface Formats {
  count(value: number): string;
  /** 12,345 or 1.2M. */
  compact(value: number): string;
  /** With one digit behind the point, two where it is nearly all, none at both ends. */
  percent(share: number | null): string;
  /** Whole percents, for axes. */
  wholePercent(share: number): string;
  bytes(value: number): string;
  /** US dollars; below a cent it is said to be less than one. */
  dollars(value: number): string;
  /** A span of time, with a precision that fits it: 0.04 ms, 12 ms, 3.4 s, 5 min. */
  span(ms: number | null): string;
  ago(at: number, now: number): string;
  time(at: number): string;
  moment(at: number): string;
  weekday(at: number): string;
}

const NOTHING = '–';

/** Numbers and dates in the language of the admin panel. */
export function useFormats(): Formats {
  const intl = useIntl();
  return useMemo(() => formats(intl), [intl]);
}

function formats(intl: IntlShape): Formats {
  const number = (value: number, options: FormatNumberOptions): string => intl.formatNumber(value, options);
  const unit = (value: number, name: string, digits: number): string =>
    number(value, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });
  return {
    count: (value) => number(value, { maximumFractionDigits: 0 }),
    compact: (value) =>
      number(value, value < 10_000 ? {} : { notation: 'compact', maximumFractionDigits: 1 }),
    percent: (share) => (share === null ? NOTHING : number(share, { style: 'percent', ...digitsOf(share) })),
    wholePercent: (share) => number(share, { style: 'percent' }),
    bytes: (value) => {
      if (value < 1024 ** 2) return unit(value / 1024, 'kilobyte', 1);
      if (value < 1024 ** 3) return unit(value / 1024 ** 2, 'megabyte', 1);
      return unit(value / 1024 ** 3, 'gigabyte', 2);
    },
    dollars: (value) => {
      const money = (it: number): string => number(it, { style: 'currency', currency: 'USD' });
      return value > 0 && value < 0.01 ? `< ${money(0.01)}` : money(value);
    },
    span: (ms) => (ms === null ? NOTHING : spanText(ms, unit)),
    ago: (at, now) => {
      const seconds = Math.max(0, Math.round((now - at) / 1000));
      const say = (value: number, name: Intl.RelativeTimeFormatUnit): string =>
        intl.formatRelativeTime(-value, name as 'second', { style: 'short', numeric: 'auto' });
      if (seconds < 60) return say(seconds, 'second');
      if (seconds < 3600) return say(Math.round(seconds / 60), 'minute');
      if (seconds < 86_400) return say(Math.round(seconds / 3600), 'hour');
      return say(Math.round(seconds / 86_400), 'day');
    },
    time: (at) => intl.formatTime(at, { hour: 'numeric', minute: '2-digit' }),
    moment: (at) => intl.formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' }),
    weekday: (at) => intl.formatDate(at, { weekday: 'short', day: 'numeric' }),
  };
}

function digitsOf(share: number): FormatNumberOptions {
  if (share <= 0 || share >= 1) return { maximumFractionDigits: 0 };
  const digits = share > 0.99 ? 2 : 1;
  return { minimumFractionDigits: digits, maximumFractionDigits: digits };
}

function spanText(ms: number, unit: (value: number, name: string, digits: number) => string): string {
  if (ms < 1) return unit(ms, 'millisecond', 2);
  if (ms < 10) return unit(ms, 'millisecond', 1);
  if (ms < 1000) return unit(ms, 'millisecond', 0);
  if (ms < 60_000) return unit(ms / 1000, 'second', 1);
  if (ms < 3_600_000) return unit(ms / 60_000, 'minute', ms < 600_000 ? 1 : 0);
  if (ms < 172_800_000) return unit(ms / 3_600_000, 'hour', 1);
  return unit(ms / 86_400_000, 'day', 1);
}
