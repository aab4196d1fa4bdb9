import uPlot from './uplot.js';
import { costs, count, duration, exact, money, short, time } from './format.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SPANS = { day: { window: 'hour', step: HOUR, steps: 24 }, week: { window: 'day', step: DAY, steps: 7 }, month: { window: 'day', step: DAY, steps: 30 } };
const PAUSE = 1000; // Between two looks at the figures, however many requests finish.
const RETRY = 2000;
const LINES = ['--one', '--three', '--four', '--five', '--two'];
const HEIGHT = 190; // Of a chart, in pixels, without its legend.
const MANY = 10; // Rows of a table.

const byId = id => document.getElementById(id);
const charts = new Map();
let token = sessionStorage.getItem('token');
let loading = false;
let again = false;

// ---- asking ----

class Refused extends Error {
  constructor(status) {
    super(`status ${status}`);
    this.status = status;
  }
}

function call(path) {
  return fetch(path, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
}

async function ask(path, parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null);
  const answer = await call(`api/v1/${path}?${new URLSearchParams(set)}`);
  if (!answer.ok) {
    throw new Refused(answer.status);
  }
  return answer.json();
}

function choice() {
  const span = SPANS[document.querySelector('input[name=span]:checked').value];
  const end = (Math.floor(Date.now() / span.step) + 1) * span.step;
  const from = end - span.steps * span.step;
  return { span, from, end, user: byId('user').value.trim(), model: byId('model').value };
}

async function load() {
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  const { span, from, end, user, model } = choice();
  const asked = { window: span.window, from: new Date(from).toISOString(), to: new Date(end).toISOString(), user, model };
  try {
    const [summary, series, users, models, latency, requests, held, byModel] = await Promise.all([
      ask('summary', {}),
      ask('usage', { ...asked, group_by: 'window' }),
      ask('usage', { ...asked, group_by: 'user', sort: 'cost', limit: 1000 }),
      ask('usage', { ...asked, model: '', group_by: 'model', sort: 'cost' }),
      ask('latency', { ...asked, user: '' }),
      user ? ask('requests', { user }) : null,
      ask('reconciliation', { from: asked.from, to: asked.to }),
      ask('usage', { ...asked, model: '', group_by: 'window,model', limit: 10000 }),
    ]);
    const byUser = await usersOverTime(asked, users);
    showSummary(summary);
    showTotals(series.total);
    showCharts(series, span, from);
    showLines('models-chart', modelsOverTime(byModel), byModel, span, from);
    showLines('users-chart', byUser, series, span, from);
    showReconciliation(held);
    showUsers(users, user);
    showModels(models);
    showLatency(latency.models);
    showFailures(series.total);
    showRequests(user, requests);
    say('live', 'live', time(Date.now()).slice(11));
    byId('login').hidden = true;
  } catch (fault) {
    failed(fault);
  } finally {
    loading = false;
    if (again) {
      again = false;
      setTimeout(load, PAUSE);
    }
  }
}

/** Each of the dearest users by itself: a list of all users by time would be long. */
async function usersOverTime(asked, users) {
  const names = users.groups.slice(0, LINES.length).map(group => group.user);
  const reports = await Promise.all(names.map(user => ask('usage', { ...asked, user, group_by: 'window' })));
  return names.map((name, i) => ({ name, groups: reports[i].groups }));
}

function modelsOverTime(report) {
  const lines = new Map();
  for (const group of report.groups) {
    lines.set(group.model, [...(lines.get(group.model) ?? []), group]);
  }
  return [...lines].map(([name, groups]) => ({ name, groups }));
}

function failed(fault) {
  if (fault.status === 401) {
    byId('login').hidden = false;
    say('down', 'a token is needed');
    return;
  }
  if (fault.status === 503) {
    say('', 'totals are being restored');
  } else if (fault.status) {
    say('down', `refused with ${fault.message}`);
    return;
  } else {
    say('down', 'no connection');
  }
  setTimeout(load, RETRY);
}

/** The clock stands beside what is said: else it would be read out with each load. */
function say(state, text, clock = '') {
  byId('state').className = state;
  put(byId('said'), text);
  put(byId('clock'), clock && ` · ${clock}`);
}

// ---- showing ----

/** Changes what is there only where it differs, so that nothing flickers. */
function put(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function putCosts(id, totals) {
  const element = byId(id);
  const texts = costs(totals);
  if (element.textContent !== texts.join('')) {
    element.replaceChildren(...texts.map(text => make('span', text)));
  }
  element.title = exact(totals);
}

function make(tag, text, properties = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  return Object.assign(element, properties);
}

const ofAllUsers = requests =>
  `${count(requests)} ${requests === 1 ? 'request' : 'requests'} of all users`;

function showSummary({ today, month, forecast, unpriced_models: unpriced, dead_letters: letters }) {
  putCosts('today', today);
  putCosts('month', month);
  putCosts('forecast', { cost: forecast, unpriced_tokens: 0 });
  put(byId('today-note'), ofAllUsers(today.requests));
  put(byId('month-note'), ofAllUsers(month.requests));
  const waiting = Object.values(letters).reduce((sum, more) => sum + more, 0);
  put(byId('letters'), count(waiting));
  put(byId('letters-note'), Object.keys(letters).join(', ') || 'nothing was set aside');
  byId('letters-tile').classList.toggle('bad', waiting > 0);
  byId('unpriced').hidden = unpriced.length === 0;
  put(byId('unpriced'), `Without a price, and in no sum of money: ${unpriced.join(', ')}. Set one with "sirocco prices set".`);
}

function showTotals(total) {
  put(byId('requests'), short(total.requests));
  const part = total.requests ? (100 * total.failures / total.requests).toFixed(1) : '0.0';
  put(byId('requests-note'), `${count(total.failures)} failed, ${part} %`);
  put(byId('tokens'), short(total.prompt_tokens + total.completion_tokens));
  const cached = total.prompt_tokens ? Math.round(100 * total.cached_tokens / total.prompt_tokens) : 0;
  put(byId('tokens-note'), `${cached} % of the prompts from a cache`);
  byId('tokens').title = `${count(total.prompt_tokens)} prompt, ${count(total.completion_tokens)} completion`;
}

/** Rows are [cell...]; a cell is a text, or an element. Rows that are there already stay, and focus where it was. */
function table(id, heads, rows, empty) {
  const element = byId(id);
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const cell = (tag, value, i) => {
    const made = document.createElement(tag);
    made.append(value instanceof Node ? value : String(value));
    made.className = heads[i]?.endsWith('*') ? 'less' : '';
    return made;
  };
  const row = (tag, values) => {
    const made = document.createElement('tr');
    made.append(...values.map((value, i) => cell(tag, value, i)));
    return made;
  };
  const body = rows.map(values => row('td', values));
  if (!body.length) {
    const none = make('td', empty, { className: 'none', colSpan: heads.length });
    const made = document.createElement('tr');
    made.append(none);
    body.push(made);
  }
  const gone = [...element.rows];
  const wanted = [row('th', heads.map(head => head.replace('*', ''))), ...body].map(made => {
    const at = gone.findIndex(known => known.isEqualNode(made));
    return at < 0 ? made : gone.splice(at, 1)[0];
  });
  gone.forEach(known => known.remove());
  wanted.forEach((made, i) => {
    if (element.rows[i] !== made) {
      element.insertBefore(made, element.rows[i] ?? null);
    }
  });
  if (focused !== null) {
    [...element.querySelectorAll('button')].find(button => button.dataset.key === focused)?.focus();
  }
}

function share(part, whole) {
  const bar = document.createElement('progress');
  bar.max = whole || 1;
  bar.value = part;
  bar.title = whole ? `${(100 * part / whole).toFixed(1)} %` : '';
  return bar;
}

const tokensOf = totals => totals.prompt_tokens + totals.completion_tokens;

/** Amounts of two currencies cannot be compared: the first one of the whole is looked at. */
const currencyOf = whole => whole.total.cost[0]?.currency ?? 'USD';
const amountIn = currency => totals => Number(totals.cost.find(cost => cost.currency === currency)?.amount ?? 0);
const amountOf = whole => amountIn(currencyOf(whole));

function spent(totals) {
  return make('span', costs(totals).join(' + '), { title: exact(totals) });
}

function showUsers(report, chosen) {
  const amount = amountOf(report);
  const whole = amount(report.total);
  table('by-user', ['user', 'share*', 'requests', 'tokens*', 'cost'], report.groups.slice(0, MANY).map(({ user, totals }) => {
    const button = make('button', user, { type: 'button', title: `Show ${user} alone` });
    button.dataset.key = user;
    button.addEventListener('click', () => choose(choice().user === user ? '' : user));
    return [button, share(amount(totals), whole), count(totals.requests), short(tokensOf(totals)), spent(totals)];
  }), 'nobody yet');
  const names = report.groups.map(group => group.user).join('\n');
  const list = byId('users');
  if (!chosen && list.dataset.names !== names) {
    list.dataset.names = names;
    list.replaceChildren(...report.groups.map(group => make('option', '', { value: group.user })));
  }
}

function choose(user) {
  byId('user').value = user;
  changed();
}

function showModels(report) {
  const amount = amountOf(report);
  const whole = amount(report.total);
  table('by-model', ['model', 'share*', 'requests', 'tokens*', 'cost'], report.groups.map(({ model, totals }) =>
    [model, share(amount(totals), whole), count(totals.requests), short(tokensOf(totals)), spent(totals)]), 'none yet');
  const select = byId('model');
  const names = ['', ...report.groups.map(group => group.model)];
  if (select.dataset.names !== names.join('\n') && document.activeElement !== select) {
    const chosen = select.value;
    select.dataset.names = names.join('\n');
    select.replaceChildren(...names.map(name => make('option', name || 'all', { value: name })));
    select.value = names.includes(chosen) ? chosen : '';
  }
}

function showLatency(models) {
  table('latency', ['model', 'answers*', 'p50', 'p90*', 'p95', 'p99'], models.map(row =>
    [row.model, count(row.answers), duration(row.p50_ms), duration(row.p90_ms), duration(row.p95_ms), duration(row.p99_ms)]), 'no answers yet');
}

function showFailures(total) {
  const reasons = Object.entries(total.failures_by_reason ?? {}).sort((a, b) => b[1] - a[1]);
  table('failures', ['reason', 'share*', 'requests'], reasons.map(([reason, failures]) =>
    [reason, share(failures, total.failures), count(failures)]), 'nothing failed');
}

function showRequests(user, report) {
  byId('lines').hidden = !user;
  if (!user) {
    return;
  }
  put(byId('lines-user'), user);
  table('last', ['ended', 'model', 'request*', 'prompt', 'cached*', 'completion', 'took*', 'outcome', 'cost'], report.requests.map(({ event, cost }) =>
    [time(event.ended_ms), event.model, event.request_id, count(event.prompt_tokens), count(event.cached_tokens), count(event.completion_tokens),
      duration(event.ended_ms - event.requested_ms), event.outcome, cost ? make('span', money(cost), { title: `${cost.amount} ${cost.currency}` }) : 'UNPRICED']), 'none within 32 days');
}

// ---- charts ----

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The time of day where bars are hours, else the day. */
function tick(at, xs) {
  const text = time(at * 1000);
  return xs[1] - xs[0] < 86_400 ? text.slice(11, 16) : text.slice(5, 10);
}

/** Bars on top of each other: of each series the sum of itself and those after it is drawn. */
function chart(id, xs, series, format) {
  const stacked = series.map((_, i) => xs.map((_, x) => series.slice(i).reduce((sum, part) => sum + part.values[x], 0)));
  const data = [xs, ...stacked];
  const box = byId(id);
  let known = charts.get(id);
  const names = series.map(part => part.name).join('\n');
  if (known && known.names !== names) {
    known.plot.destroy();
    known = null;
  }
  if (!known) {
    const state = { names, raw: series };
    const axis = { stroke: () => colour('--soft'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    state.plot = new uPlot({
      width: box.clientWidth,
      height: HEIGHT,
      tzDate: at => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { range: (plot, min, max) => { const half = (max - min) / Math.max(1, plot.data[0].length - 1) / 2; return [min - half, max + half]; } }, y: { range: (_, min, max) => [0, max > 0 ? max * 1.08 : 1] } },
      axes: [{ ...axis, grid: { show: false }, space: 56, size: 28, values: (plot, ticks) => ticks.map(at => tick(at, plot.data[0])) }, { ...axis, size: 64, values: (_, ticks) => ticks.map(format) }],
      series: [
        { value: (_, at) => at === null ? '' : time(at * 1000).slice(0, 16) },
        ...series.map((part, i) => ({
          label: part.name, fill: () => colour(part.colour), stroke: () => colour(part.colour), width: 0, points: { show: false },
          paths: uPlot.paths.bars({ size: [0.72, 60] }),
          value: (_, value, __, at) => at === null || at === undefined ? '' : part.show ? part.show(state.raw[i].values[at]) : format(state.raw[i].values[at]),
        })),
      ],
    }, data, box);
    charts.set(id, state);
    return;
  }
  known.raw = series;
  known.plot.setData(data);
}

function showCharts(report, span, from) {
  const starts = Array.from({ length: span.steps }, (_, i) => from + i * span.step);
  const at = new Map(report.groups.map(group => [group.start_ms, group.totals]));
  const xs = starts.map(start => start / 1000);
  const values = pick => starts.map(start => at.has(start) ? pick(at.get(start)) : 0);
  const currency = currencyOf(report);
  chart('spend-chart', xs, [{ name: currency, colour: '--one', values: values(amountIn(currency)), show: value => money({ currency, amount: value }) }],
    value => value === 0 ? '0' : value < 0.01 ? value.toPrecision(2) : short(value));
  chart('tokens-chart', xs, [
    { name: 'completion', colour: '--three', values: values(totals => totals.completion_tokens) },
    { name: 'cached prompt', colour: '--two', values: values(totals => totals.cached_tokens) },
    { name: 'prompt', colour: '--one', values: values(totals => totals.prompt_tokens - totals.cached_tokens) },
  ], short);
  chart('requests-chart', xs, [
    { name: 'failed', colour: '--bad', values: values(totals => totals.failures) },
    { name: 'answered', colour: '--one', values: values(totals => totals.requests - totals.failures) },
  ], short);
}

/** The dearest by themselves, what is left of the whole as others. */
function showLines(id, named, whole, span, from) {
  const starts = Array.from({ length: span.steps }, (_, i) => from + i * span.step);
  const currency = currencyOf(whole);
  const amount = amountIn(currency);
  const values = groups => {
    const sums = new Map();
    groups.forEach(group => sums.set(group.start_ms, (sums.get(group.start_ms) ?? 0) + amount(group.totals)));
    return starts.map(start => sums.get(start) ?? 0);
  };
  const sum = numbers => numbers.reduce((one, other) => one + other, 0);
  const lines = named.map(({ name, groups }) => ({ name, values: values(groups) }))
    .sort((a, b) => sum(b.values) - sum(a.values)).slice(0, LINES.length)
    .map((line, i) => ({ ...line, colour: LINES[i] }));
  const rest = values(whole.groups).map((all, i) => all - sum(lines.map(line => line.values[i])));
  // Less than the rounding of binary fractions is nobody.
  if (sum(rest) > 1e-9 * sum(values(whole.groups))) {
    lines.push({ name: 'others', colour: '--rest', values: rest.map(value => Math.max(0, value)) });
  }
  const series = lines.length ? lines : [{ name: 'none yet', colour: '--one', values: starts.map(() => 0) }];
  chart(id, starts.map(start => start / 1000), series.map(line => ({ ...line, show: value => money({ currency, amount: value }) })),
    value => value === 0 ? '0' : value < 0.01 ? value.toPrecision(2) : short(value));
}

function showReconciliation({ total, differing }) {
  const bad = total.differing > 0 || total.without_bill > 0;
  const part = (label, number, wrong) => {
    const made = make('span', `${label} `, { className: wrong ? 'bad' : '' });
    made.append(make('b', count(number)));
    return made;
  };
  const parts = [
    part('as billed', total.matched, false),
    part('differing', total.differing, total.differing > 0),
    part('seen, not billed', total.without_bill, total.without_bill > 0),
    part('billed, without a receipt', total.without_receipt, false),
    part('tokens billed', total.billed_tokens, false),
    part('tokens seen', total.seen_tokens, total.seen_tokens !== total.billed_tokens),
  ];
  const element = byId('reconciliation');
  if (element.textContent !== parts.map(made => made.textContent).join('')) {
    element.replaceChildren(...parts);
  }
  byId('reconciliation-panel').classList.toggle('bad', bad);
  byId('differing').hidden = differing.length === 0;
  table('differing', ['ended', 'user', 'request*', 'prompt', 'billed', 'seen'], differing.slice(0, MANY).map(({ request, claims }) =>
    [time(claims.bill.ended_ms), request.user, request.request_id, `${count(claims.bill.prompt_tokens)} / ${count(claims.receipt.prompt_tokens)}`,
      count(claims.bill.completion_tokens), make('span', count(claims.receipt.seen_tokens), { className: 'bad' })]), 'none');
}

new ResizeObserver(() => {
  for (const [id, { plot }] of charts) {
    const box = byId(id);
    plot.setSize({ width: box.clientWidth, height: HEIGHT });
  }
}).observe(byId('figures'));

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  charts.forEach(({ plot }) => plot.destroy()); // Their legends keep the colours that they were made with.
  charts.clear();
  load();
});

// ---- changing ----

async function save(event, path, name) {
  event.preventDefault();
  const { span, from, end, user, model } = choice();
  const set = { from: new Date(from).toISOString(), to: new Date(end).toISOString(), user, model };
  if (path === 'usage.csv') {
    set.window = span.window;
  }
  const answer = await call(`api/v1/${path}?${new URLSearchParams(Object.entries(set).filter(([, value]) => value))}`);
  if (!answer.ok) {
    failed(new Refused(answer.status));
    return;
  }
  const url = URL.createObjectURL(await answer.blob());
  make('a', '', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), RETRY);
}

/** The choice is in the address, so that it can be kept and sent to others. */
function changed() {
  const { user, model } = choice();
  const span = document.querySelector('input[name=span]:checked').value;
  history.replaceState(null, '', `#${new URLSearchParams({ span, user, model })}`);
  load();
}

function restore() {
  const kept = new URLSearchParams(location.hash.slice(1));
  const radio = [...document.querySelectorAll('input[name=span]')].find(input => input.value === kept.get('span'));
  if (radio) {
    radio.checked = true;
  }
  byId('user').value = kept.get('user') ?? '';
  const model = kept.get('model');
  if (model) {
    byId('model').append(make('option', model, { value: model }));
    byId('model').value = model;
  }
}

/** Listens for ever; fetch instead of EventSource, which cannot send a token. */
async function listen() {
  for (;;) {
    try {
      const answer = await call('api/v1/updates');
      if (answer.ok) {
        load(); // What changed while nobody listened.
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { value, done } = await reader.read();
          if (done) {
            break;
          }
          if (value.includes('event: usage')) {
            load();
          }
        }
      }
    } catch {
      say('down', 'no connection');
    }
    await new Promise(resume => setTimeout(resume, RETRY));
  }
}

byId('filters').addEventListener('change', changed);
byId('filters').addEventListener('submit', event => event.preventDefault());
byId('csv').addEventListener('click', event => save(event, 'usage.csv', 'usage.csv'));
byId('focus').addEventListener('click', event => save(event, 'focus.csv', 'focus.csv'));
byId('login').addEventListener('submit', event => {
  event.preventDefault();
  token = byId('token').value;
  sessionStorage.setItem('token', token);
  load();
});
setInterval(load, 30_000); // What other instances counted, and the next hour.
restore();
listen();
load();
