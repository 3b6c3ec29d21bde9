// The form that the server makes of the plugin's schema: what it knows of, it draws; the rest is JSON.

import { act, make } from './page.js'

let drawn
let isTouched = false

// Draws it anew only if something else is saved, so that nobody's typing is lost.
export function showSettings(form, state) {
  const now = JSON.stringify([state.id, state.schema, state.configuration, state.enabled])
  if (now === drawn || (isTouched && form.contains(document.activeElement))) return
  drawn = now
  isTouched = false
  const schema = parsed(state.schema) ?? {}
  const field = fieldOf(schema, parsed(state.configuration) ?? {}, schema)
  const enabled = make('input', { type: 'checkbox', checked: state.enabled })
  const save = make('button', { className: 'main' }, 'Save')
  const told = make('span', { className: 'soft' })
  form.replaceChildren(field.element,
    make('div', { className: 'field row' }, make('label', {}, enabled, ' Enabled')), save, ' ', told)
  form.oninput = () => (isTouched = true)
  form.onsubmit = async (event) => {
    event.preventDefault()
    let configuration
    try {
      configuration = field.read()
    } catch (error) {
      told.className = 'problem'
      told.textContent = error.message
      return
    }
    const body = JSON.stringify({ enabled: enabled.checked, enableDebug: false, configuration })
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(`/plugins/${state.id}/config`, { method: 'POST', headers, body })
    isTouched = false
    drawn = undefined
    told.className = response.ok ? 'soft' : 'problem'
    told.textContent = await response.text()
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function resolved(schema, root) {
  const name = schema.$ref?.match(/^#\/(definitions|\$defs)\/(.+)$/)
  if (name) return { ...root[name[1]]?.[name[2]], ...schema, $ref: undefined }
  if (schema.allOf?.length === 1) return { ...resolved(schema.allOf[0], root), ...schema, allOf: undefined }
  return schema
}

const isNull = (schema) => schema.type === 'null'

// A field: its element, and a function that reads its value; `undefined` if nothing is set.
function fieldOf(given, value, root) {
  const schema = resolved(given, root)
  const types = [schema.type ?? []].flat()
  const others = (schema.anyOf ?? schema.oneOf ?? []).filter((it) => !isNull(it))
  if (schema.anyOf && others.length === 1) {
    return optional({ ...resolved(others[0], root), title: schema.title, description: schema.description }, value, root)
  }
  if (types.includes('null') && types.length === 2 && types.some((it) => it === 'object' || it === 'array')) {
    return optional({ ...schema, type: types.find((it) => it !== 'null') }, value, root)
  }
  const choices = schema.enum ?? (others.length && others.every((it) => 'const' in it) ? others.map((it) => it.const) : undefined)
  if (choices) return choice(schema, choices, others, value)
  const type = types.find((it) => it !== 'null')
  if (type === 'object' && schema.properties) return group(schema, value, root)
  if (type === 'array' && schema.items && !Array.isArray(schema.items)) return list(schema, value, root)
  if (type === 'boolean') return checkbox(schema, value)
  if (type === 'number' || type === 'integer') return number(schema, value, type)
  if (type === 'string') return text(schema, value)
  return json(schema, value)
}

let count = 0

function framed(schema, name, control) {
  const description = schema.description ? [make('p', { className: 'soft' }, schema.description)] : []
  const label = make('label', {}, schema.title ?? name ?? '')
  if (control.matches('input, select, textarea')) {
    control.id = `setting-${count++}`
    label.htmlFor = control.id
  }
  return make('div', { className: 'field' }, label, ...description, control)
}

function group(schema, value, root) {
  const fields = Object.entries(schema.properties).map(([name, inner]) => {
    const titled = { title: name, ...resolved(inner, root) }
    const start = value && name in value ? value[name] : titled.default
    return [name, fieldOf(titled, start, root)]
  })
  const element = make('fieldset', {}, ...(schema.title ? [make('legend', {}, schema.title)] : []),
    ...(schema.description ? [make('p', { className: 'soft' }, schema.description)] : []),
    ...fields.map(([, field]) => field.element))
  const read = () => {
    const all = fields.map(([name, field]) => [name, field.read()])
    // What the form does not know of stays as it is. What was emptied is undefined, which JSON leaves out.
    return { ...(value ?? {}), ...Object.fromEntries(all) }
  }
  return { element, read }
}

function optional(schema, value, root) {
  const isSet = make('input', { type: 'checkbox', checked: value !== null && value !== undefined })
  const inner = fieldOf(schema, value ?? undefined, root)
  inner.element.hidden = !isSet.checked
  isSet.addEventListener('change', () => (inner.element.hidden = !isSet.checked))
  const label = make('label', {}, isSet, ` ${schema.title ?? 'set'}`)
  const element = make('div', { className: 'field' }, label, inner.element)
  return { element, read: () => (isSet.checked ? inner.read() : null) }
}

function list(schema, value, root) {
  const rows = []
  const box = make('div')
  const add = (start) => {
    const field = fieldOf({ ...resolved(schema.items, root), title: undefined }, start, root)
    const remove = make('button', { type: 'button' }, 'Remove')
    const row = { field, element: make('div', { className: 'row' }, field.element, remove) }
    remove.addEventListener('click', () => {
      rows.splice(rows.indexOf(row), 1)
      row.element.remove()
    })
    rows.push(row)
    box.append(row.element)
  }
  for (const start of Array.isArray(value) ? value : []) add(start)
  const more = make('button', { type: 'button' }, 'Add')
  more.addEventListener('click', () => add(undefined))
  return { element: framed(schema, '', make('div', {}, box, more)), read: () => rows.map(({ field }) => field.read()) }
}

function choice(schema, choices, titles, value) {
  const options = choices.map((it, index) =>
    make('option', { value: index, selected: JSON.stringify(it) === JSON.stringify(value) }, String(titles[index]?.title ?? it)))
  const select = make('select', {}, ...options)
  return { element: framed(schema, '', select), read: () => choices[Number(select.value)] }
}

function checkbox(schema, value) {
  const input = make('input', { type: 'checkbox', checked: value === true })
  const label = make('label', {}, input, ` ${schema.title ?? ''}`)
  const description = schema.description ? [make('p', { className: 'soft' }, schema.description)] : []
  return { element: make('div', { className: 'field' }, label, ...description), read: () => input.checked }
}

function number(schema, value, type) {
  const isOptional = [schema.type].flat().includes('null')
  const input = make('input', { type: 'number', step: type === 'integer' ? '1' : 'any', value: value ?? '' })
  if (schema.minimum !== undefined) input.min = schema.minimum
  if (schema.maximum !== undefined) input.max = schema.maximum
  const read = () => (input.value === '' ? (isOptional ? null : undefined) : Number(input.value))
  return { element: framed(schema, '', input), read }
}

function text(schema, value) {
  const isOptional = [schema.type].flat().includes('null')
  const isSecret = schema.format === 'password' || schema.writeOnly
  const input = make('input', { type: isSecret ? 'password' : 'text', value: value ?? '' })
  return { element: framed(schema, '', input), read: () => (input.value === '' && isOptional ? null : input.value) }
}

function json(schema, value) {
  const area = make('textarea', { rows: 3, value: value === undefined ? '' : JSON.stringify(value, null, 2) })
  const read = () => {
    if (area.value.trim() === '') return undefined
    try {
      return JSON.parse(area.value)
    } catch (error) {
      throw new Error(`${schema.title ?? 'a setting'} is no JSON: ${error.message}`)
    }
  }
  return { element: framed(schema, '', area), read }
}
