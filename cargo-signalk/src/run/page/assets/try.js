// The plugin's endpoints and PUT handlers, each with a way to ask it.

import { act, make, valueOf } from './page.js'

let drawn

export function showRequests(box, state) {
  const now = JSON.stringify([state.id, state.registrations])
  if (now === drawn) return
  drawn = now
  const kinds = { endpoint: endpoint, put: put, provider: provider }
  const rows = state.registrations.map((registration) => kinds[registration.kind](registration, state.id))
  box.replaceChildren(...(rows.length ? rows : [make('p', { className: 'soft' }, 'The plugin answers none.')]))
}

function endpoint({ method, path }, id) {
  const address = `/plugins/${id}${path}`
  const target = make('input', { value: address, 'aria-label': 'Address' })
  const body = make('textarea', { rows: 2, placeholder: '{}', 'aria-label': 'Body', hidden: method === 'GET' || method === 'DELETE' })
  const button = make('button', {}, method)
  const told = make('pre', { hidden: true })
  const form = make('form', { className: 'request' }, make('code', {}, `${method} ${path}`),
    make('div', { className: 'fields' }, target, button), body, told)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const asked = { method }
    if (!body.hidden && body.value.trim() !== '') {
      asked.body = body.value
      asked.headers = { 'Content-Type': 'application/json' }
    }
    told.hidden = false
    try {
      const response = await fetch(target.value, asked)
      const text = await response.text()
      told.textContent = `${response.status} ${response.headers.get('Content-Type') ?? ''}\n${pretty(text)}`
    } catch (error) {
      told.textContent = error.message
    }
  })
  return form
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text.length > 4000 ? `${text.slice(0, 4000)}…` : text
  }
}

function put({ context, path }) {
  const value = make('input', { placeholder: 'null, 5, "on", {…}', 'aria-label': 'Value', required: true })
  const told = make('pre', { hidden: true })
  const form = make('form', { className: 'request' }, make('code', {}, `PUT ${path}`),
    make('div', { className: 'fields' }, value, make('button', {}, 'PUT')), told)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const answer = await act({ do: 'put', context, path, value: valueOf(value.value) })
    told.hidden = answer === undefined
    told.textContent = JSON.stringify(answer, null, 2)
  })
  return form
}

const provider = ({ text }) => make('p', { className: 'request soft' }, text)
