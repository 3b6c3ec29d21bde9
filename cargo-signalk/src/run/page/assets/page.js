// What the page shows, and its buttons. All it knows comes as events of /-/events.

import { showSettings } from './form.js'
import { showRequests } from './try.js'

const by = (id) => document.getElementById(id)
let state = {}

// An element with its text and children; never HTML, for a plugin may say anything.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value
    else element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

export async function act(what) {
  const answer = by('answer')
  try {
    const response = await fetch('/-/do', { method: 'POST', body: JSON.stringify(what) })
    const told = await response.json()
    answer.className = response.ok ? '' : 'error'
    answer.textContent = told.error ?? (told.answer === null ? 'Done.' : JSON.stringify(told.answer))
    return response.ok ? told.answer : undefined
  } catch (error) {
    answer.className = 'error'
    answer.textContent = `No answer: ${error.message}`
  }
}

for (const button of document.querySelectorAll('[data-do]')) {
  button.addEventListener('click', () => {
    const name = button.dataset.do
    act(name === 'disk' ? { do: 'disk', full: !state.diskIsFull } : { do: name })
  })
}
by('pass-button').addEventListener('click', () => act({ do: 'pass', seconds: Number(by('pass').value) }))
by('jump-button').addEventListener('click', () => act({ do: 'clock', seconds: Number(by('jump').value) }))
by('clear').addEventListener('click', () => by('log').replaceChildren())
by('with-deltas').addEventListener('change', () => {
  for (const line of by('log').children) line.hidden = isHidden(line.className)
})

// Numbers, objects and the like as JSON; all else is a string.
export function valueOf(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const slider = by('send-slider')
by('send').addEventListener('submit', (event) => {
  event.preventDefault()
  act({ do: 'send', path: by('send-path').value, value: valueOf(by('send-value').value) })
})
slider.addEventListener('input', () => {
  by('send-value').value = slider.value
  by('send').requestSubmit()
})

// A number gets a slider around it.
function offer(path, value) {
  by('send-path').value = path
  by('send-value').value = JSON.stringify(value)
  slider.hidden = typeof value !== 'number'
  if (slider.hidden) return
  const reach = Math.max(Math.abs(value), 1)
  Object.assign(slider, { min: value - reach, max: value + reach, step: reach / 200, value })
}

// A path, to be broken between its parts.
const pathOf = (path) => path.split('.').flatMap((part, at) => (at ? ['.', make('wbr'), part] : [part]))

function shown(value) {
  if (typeof value?.latitude === 'number') return `${value.latitude.toFixed(6)}, ${value.longitude?.toFixed(6)}`
  if (typeof value === 'number') return String(Number(value.toPrecision(8)))
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function age(timestamp) {
  const seconds = (Date.parse(state.clock) - Date.parse(timestamp)) / 1000
  if (!Number.isFinite(seconds)) return ''
  if (Math.abs(seconds) < 100) return `${Math.max(0, Math.round(seconds))} s`
  if (Math.abs(seconds) < 6000) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}

// The rows of a list, kept as long as their path is there: a press of a button, and the keyboard's place,
// last longer than a row that is made anew with each state.
function keepRows(box, entries, begin) {
  const before = new Map([...box.children].map((row) => [row.dataset.path, row]))
  entries.forEach((entry, at) => {
    const row = before.get(entry.path) ?? begin(entry.path)
    before.delete(entry.path)
    row.dataset.path = entry.path
    row.show(entry)
    if (box.children[at] !== row) box.insertBefore(row, box.children[at] ?? null)
  })
  for (const row of before.values()) row.remove()
}

// Leaves what says the same already alone, so that it can be selected.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function valueRow(path) {
  const [value, source, since] = [make('td'), make('td'), make('td')]
  const row = make('tr', {}, make('td', {}, ...pathOf(path)), value, source, since)
  let now
  row.show = (entry) => {
    now = entry.value
    const isOwn = entry.source === state.id
    row.className = isOwn ? 'is-own' : ''
    say(value, shown(entry.value))
    say(source, isOwn ? 'this plugin' : (entry.source ?? ''))
    say(since, age(entry.timestamp))
  }
  row.addEventListener('click', () => offer(path, now))
  return row
}

function notificationRow(path) {
  const [how, message] = [make('strong'), make('span')]
  const details = make('span', { className: 'soft' })
  const row = make('li', {}, how, message, details)
  for (const [name, label] of [['silence', 'Silence'], ['acknowledge', 'Acknowledge']]) {
    const button = make('button', { type: 'button' }, label)
    button.addEventListener('click', () => act({ do: name, path }))
    row.append(button)
  }
  row.show = ({ value, timestamp }) => {
    row.className = String(value.state)
    say(how, String(value.state))
    say(message, String(value.message ?? ''))
    say(details, `${path} · ${[value.method ?? []].flat().join(', ') || 'silent'} · ${age(timestamp)}`)
  }
  return row
}

const isNotification = ({ path }) => path.startsWith('notifications.')

function showValues() {
  keepRows(by('values'), state.values.filter((entry) => !isNotification(entry)), valueRow)
  keepRows(by('paths'), state.values, (path) => Object.assign(make('option', { value: path }), { show() {} }))
}

function showNotifications() {
  const standing = state.values.filter((entry) => isNotification(entry) && entry.value)
  keepRows(by('notifications'), standing.filter(({ value }) => value.state !== 'normal'), notificationRow)
}

function showState(next) {
  state = next
  document.title = `${state.name}: ${state.status?.message ?? state.state}`
  by('name').textContent = state.name
  by('version').textContent = `${state.id} ${state.version}`
  by('state').textContent = state.state
  by('state').className = `badge ${state.state}`
  by('clock').textContent = state.clock.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
  by('dashboard').textContent = state.problem ?? state.status?.message ?? ''
  by('dashboard').className = state.problem || state.status?.isError ? 'error' : ''
  const disk = document.querySelector('[data-do="disk"]')
  disk.textContent = state.diskIsFull ? 'Empty the disk' : 'Fill the disk'
  disk.setAttribute('aria-pressed', String(state.diskIsFull))
  showValues()
  showNotifications()
  showSettings(by('settings'), state)
  showRequests(by('requests'), state)
}

const isHidden = (kind) => kind === 'delta' && !by('with-deltas').checked
const KEPT = 500

function textOf({ time, kind, ...rest }) {
  if (kind === 'delta') {
    const values = (rest.delta.updates ?? []).flatMap((update) => update.values ?? [])
    return values.map(({ path, value }) => `${path} ${shown(value)}`).join(', ')
  }
  if (kind === 'notification') return `${rest.path} ${JSON.stringify(rest.value)}`
  if (kind === 'loaded') return `${rest.name} ${rest.version}: ${rest.because}`
  if (kind === 'built') return `${rest.bytes} bytes in ${rest.seconds.toFixed(1)} s`
  if (kind === 'build') return rest.changed.join(', ')
  if (kind === 'trap') return `${rest.call}: ${rest.text}`
  return rest.text ?? rest.state ?? rest.address ?? JSON.stringify(rest)
}

// Says nothing to people.
const isEmpty = (news) => news.kind === 'instance' || (news.kind === 'delta' && textOf(news) === '')

function log(news) {
  if (isEmpty(news)) return
  const list = by('log')
  const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8
  const line = make('li', { className: news.kind }, make('time', {}, news.time.slice(11, 19)),
    make('span', {}, news.kind), make('span', {}, textOf(news)))
  line.hidden = isHidden(news.kind)
  list.append(line)
  while (list.childElementCount > KEPT) list.firstElementChild.remove()
  if (isAtEnd) list.scrollTop = list.scrollHeight
}

const events = new EventSource('/-/events')
// After a break everything is told again.
events.addEventListener('open', () => {
  by('log').replaceChildren()
  by('lost').hidden = true
})
events.addEventListener('error', () => (by('lost').hidden = false))
events.addEventListener('state', ({ data }) => showState(JSON.parse(data)))
events.addEventListener('news', ({ data }) => log(JSON.parse(data)))
