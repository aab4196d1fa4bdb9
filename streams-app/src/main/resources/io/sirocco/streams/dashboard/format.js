// How numbers, money and times are shown. The exact text of an amount goes into its title.

const COUNT = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export const count = number => COUNT.format(number);
export const short = number => number < 10_000 ? COUNT.format(number) : SHORT.format(number);

/** Cents where there are whole units, more digits where there are none. */
export function money({ currency, amount }) {
  const value = Number(amount);
  const digits = value === 0 || value >= 1 ? 2 : value >= 0.01 ? 4 : 6;
  if (value > 0 && value < 0.000001) {
    return `<0.000001 ${currency}`;
  }
  return new Intl.NumberFormat('en', {
    style: 'currency', currency, currencyDisplay: 'code', minimumFractionDigits: digits, maximumFractionDigits: digits,
  }).format(value);
}

/** All currencies of some totals, and whether a part of the cost is unknown. */
export function costs(totals) {
  const texts = totals.cost.map(money);
  if (totals.unpriced_tokens > 0) {
    texts.push('UNPRICED');
  }
  return texts.length ? texts : ['0'];
}

export const exact = totals => totals.cost.map(cost => `${cost.amount} ${cost.currency}`).join(' + ');

export function duration(millis) {
  if (millis < 1000) {
    return `${millis} ms`;
  }
  const seconds = millis / 1000;
  return seconds < 100 ? `${seconds.toFixed(seconds < 10 ? 2 : 1)} s` : `${(seconds / 60).toFixed(1)} min`;
}

export const time = millis => new Date(millis).toISOString().replace('T', ' ').slice(0, 19);
