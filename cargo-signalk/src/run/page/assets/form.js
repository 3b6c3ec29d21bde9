// The form that the server makes of the plugin's schema: what it knows of, it draws; the rest is JSON.

import { act, make } from './page.js'

let drawn
let isTouched = false
// What became of the last save. It stays when the form is drawn anew, which a save leads to.
let told

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
  told ??= make('span', { className: 'soft' })
  form.replaceChildren(field.element,
    make('div', { className: 'field row' }, make('label', {}, enabled, ' Enabled')), save, ' ', told)
  form.oninput = () => {
    isTouched = true
    told.textContent = ''
  }
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
    try {
      const response = await post(`/plugins/${state.id}/config`, { enabled: enabled.checked, configuration })
      isTouched = false
      drawn = undefined
      told.className = response.ok ? 'soft' : 'problem'
      told.textContent = await response.text()
    } catch (error) {
      told.className = 'problem'
      told.textContent = `Not saved: ${error.message}`
    }
  }
}

// A save is of the whole document: what is in it beside the form's own stays as it is.
async function post(address, changed) {
  const saved = await (await fetch(address)).json()
  const headers = { 'Content-Type': 'application/json' }
  return fetch(address, { method: 'POST', headers, body: JSON.stringify({ ...saved, ...changed }) })
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

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b)
const typesOf = (schema) => [schema.type ?? []].flat()
const constOf = (schema) => ('const' in schema ? [schema.const] : schema.enum?.length === 1 ? schema.enum : undefined)
const NOT_SET = { title: 'Not set', const: null }

// A field: its element, and a function that reads its value; `undefined` if nothing is set.
function fieldOf(given, value, root) {
  const schema = resolved(given, root)
  const types = typesOf(schema)
  const type = types.find((it) => it !== 'null')
  const options = (schema.anyOf ?? schema.oneOf)?.map((it) => resolved(it, root))
  if (options?.length) {
    if (options.every((it) => 'const' in it)) return choice(schema, options, value)
    if (type === 'object' && schema.properties) return groupWithVariants(schema, options, value, root)
    return variants(schema, options, value, root)
  }
  if (constOf(schema)) return constant(constOf(schema)[0])
  if (schema.enum) return choice(schema, schema.enum.map((it) => ({ const: it })), value)
  if (types.includes('null') && types.length === 2 && (type === 'object' || type === 'array')) {
    return variants(schema, [NOT_SET, { ...schema, type, title: 'Set', description: undefined }], value, root)
  }
  if (type === 'object' && schema.properties) return group(schema, value, root)
  if (type === 'array' && schema.items && !Array.isArray(schema.items)) return list(schema, value, root)
  if (type === 'boolean') return checkbox(schema, value)
  if (type === 'number' || type === 'integer') return number(schema, value, type)
  if (type === 'string') return text(schema, value)
  return json(schema, value)
}

// Tells if a value is one of a schema, as far as is needed to know which of several was chosen.
function fits(given, value, root) {
  const schema = resolved(given, root)
  if (value === undefined) return false
  if ('const' in schema) return isSame(schema.const, value)
  if (schema.enum) return schema.enum.some((it) => isSame(it, value))
  const options = schema.anyOf ?? schema.oneOf
  if (options && !options.some((it) => fits(it, value, root))) return false
  const types = typesOf(schema)
  if (types.length && !types.some((type) => isOf(type, value))) return false
  if (Array.isArray(value)) return !schema.items || value.every((it) => fits(schema.items, it, root))
  if (!isObject(value)) return true
  if (schema.required?.some((name) => !(name in value))) return false
  return Object.entries(schema.properties ?? {}).every(([name, it]) => !(name in value) || fits(it, value[name], root))
}

function isOf(type, value) {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
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
  const element = make('fieldset', {}, ...(schema.title?.trim() ? [make('legend', {}, schema.title)] : []),
    ...(schema.description ? [make('p', { className: 'soft' }, schema.description)] : []),
    ...fields.map(([, field]) => field.element))
  const read = () => {
    const all = fields.map(([name, field]) => [name, field.read()])
    // What the form does not know of stays as it is. What was emptied is undefined, which JSON leaves out.
    return { ...(value ?? {}), ...Object.fromEntries(all) }
  }
  return { element, read }
}

const constant = (value) => ({ element: make('span', { hidden: true }), read: () => value })

const optionTitle = (option, index) =>
  String(option.title?.trim() || (constOf(option) ?? option.enum)?.join(' / ') || [option.type ?? `Option ${index + 1}`].flat()[0])

// One of several: a choice, and below it the fields of what is chosen.
function variants(schema, options, value, root) {
  const start = value === undefined ? schema.default : value
  const found = options.findIndex((it) => fits(it, start, root))
  // A value that is none of them is not lost.
  const isOdd = found < 0 && start !== undefined
  const all = isOdd ? [...options, { title: 'As it is saved' }] : options
  const select = make('select', {}, ...all.map((it, index) => make('option', { value: index }, optionTitle(it, index))))
  select.value = isOdd ? options.length : Math.max(found, 0)
  const first = Number(select.value)
  const box = make('div', { className: 'variant' })
  const fields = new Map()
  const chosen = () => {
    const index = Number(select.value)
    if (!fields.has(index)) {
      const inner = { ...all[index], title: undefined }
      fields.set(index, fieldOf(inner, index === first ? start : inner.default, root))
    }
    return fields.get(index)
  }
  const show = () => box.replaceChildren(chosen().element)
  select.addEventListener('change', show)
  show()
  const element = framed(schema, '', select)
  element.append(box)
  return { element, read: () => chosen().read() }
}

// Fields, and beside them those of one of several.
function groupWithVariants(schema, options, value, root) {
  const fixed = group({ ...schema, anyOf: undefined, oneOf: undefined }, value, root)
  const one = variants({ default: schema.default }, options, value, root)
  fixed.element.append(one.element)
  const ofOptions = options.flatMap((it) => Object.keys(it.properties ?? {}))
  const read = () => {
    const chosen = one.read() ?? {}
    const fromOne = Object.entries(chosen).filter(([name]) => ofOptions.includes(name))
    const others = Object.entries(fixed.read()).filter(([name]) => name in schema.properties || !ofOptions.includes(name))
    return Object.fromEntries([...others, ...fromOne])
  }
  return { element: fixed.element, read }
}

function list(schema, value, root) {
  const items = resolved(schema.items, root)
  const words = items.enum?.map((it) => ({ const: it })) ?? items.oneOf
  if (schema.uniqueItems && words?.every((it) => 'const' in it)) return flags(schema, words, Array.isArray(value) ? value : [])
  const rows = []
  const box = make('div')
  const add = (start) => {
    const field = fieldOf({ ...items, title: undefined }, start, root)
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

// One of some words or numbers.
function choice(schema, options, value) {
  const found = options.findIndex((it) => isSame(it.const, value))
  const all = found < 0 && value !== undefined ? [...options, { const: value }] : options
  const items = all.map((it, index) => make('option', { value: index }, String(it.title ?? it.const ?? NOT_SET.title)))
  const select = make('select', {}, ...items)
  select.value = found < 0 ? (value === undefined ? 0 : options.length) : found
  return { element: framed(schema, '', select), read: () => all[Number(select.value)].const }
}

// Several of some words or numbers.
function flags(schema, options, value) {
  const boxes = options.map((it) => [it.const, make('input', { type: 'checkbox', checked: value.some((one) => isSame(one, it.const)) })])
  const labels = boxes.map(([, box], index) => make('label', {}, box, ` ${options[index].title ?? options[index].const}`))
  const read = () => boxes.filter(([, box]) => box.checked).map(([it]) => it)
  return { element: framed(schema, '', make('div', { className: 'flags' }, ...labels)), read }
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
