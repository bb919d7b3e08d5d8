// Reads {files: {path: text}, actions: {"owner/name[/path]": metadata}} from the standard input and
// writes {path: [{line, message}]}: what GitHub's own language service says about each file.
import { registerHooks } from 'node:module'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

// The package imports JSON without the attribute that Node asks for.
registerHooks({
  load(url, context, next) {
    if (!url.endsWith('.json')) return next(url, context)
    const source = `export default ${readFileSync(fileURLToPath(url), 'utf8')}`
    return { format: 'module', source, shortCircuit: true }
  },
})
const { registerLogger, validate } = await import('@actions/languageservice')
const { TextDocument } = await import('vscode-languageserver-textdocument')

// It logs what it cannot do and answers "no problems"; such an answer must not be believed.
const fail = (message) => {
  console.error(message)
  process.exit(1)
}
registerLogger({ error: fail, warn: fail, info() {}, log() {} })

const { files, actions } = JSON.parse(await text(process.stdin))
const fetchActionMetadata = async ({ owner, name, path }) =>
  actions[[owner, name, path].filter(Boolean).join('/')]
// Actions and workflows of the same repository (`$/...`) are looked up in what was given.
const getFileContent = async ({ path }) => {
  if (!(path in files)) throw new Error(`${path} was not given`)
  return { name: path, content: files[path] }
}
const config = { actionsMetadataProvider: { fetchActionMetadata }, fileProvider: { getFileContent } }

const answer = {}
for (const [path, content] of Object.entries(files)) {
  const document = TextDocument.create(`file:///${path}`, 'yaml', 1, content)
  const found = await validate(document, config)
  answer[path] = found.map(({ range, message }) => ({ line: range.start.line + 1, message }))
}
console.log(JSON.stringify(answer))
