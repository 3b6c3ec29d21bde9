// Holds documents against the schema of a form, with the validator that a server brings along.
// Gets the path of the validator, and on standard input a list of { schema, configuration }; answers
// with the complaints about each, a list of texts.
const Ajv = require(process.argv[2])
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const complaints = cases.map(({ schema, configuration }) => {
  // What the admin pages of servers up to 2.23 make of a schema, and what those of later ones make.
  const forms = [
    { type: 'object', description: schema.description, properties: schema.properties },
    { ...schema, type: 'object', title: ' ' }
  ]
  return forms.flatMap((form) => {
    const ajv = new Ajv({ allErrors: true, unknownFormats: 'ignore', logger: false })
    const check = ajv.compile({ type: 'object', properties: { configuration: form } })
    check({ enabled: true, configuration })
    return (check.errors || []).map((error) => `${error.dataPath} ${error.message}`)
  })
})
process.stdout.write(JSON.stringify(complaints))
