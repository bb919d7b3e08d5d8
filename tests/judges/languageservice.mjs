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
// What is called is looked up in what was given: of the same repository (`$/...`) beside the caller,
// of another one below its `owner/repository`.
const fileProvider = (caller) => ({
  async getFileContent({ owner, repository, path }) {
    const root = caller.slice(0, Math.max(caller.lastIndexOf('.github/'), 0))
    const other = `${owner}/${repository}/${path}`
    const names = owner ? [`${root}.github/${other}`, other] : [root + path]
    const name = names.find((one) => one in files)
    if (name === undefined) throw new Error(`${names[0]} was not given`)
    return { name, content: files[name] }
  },
})
const configOf = (path) => ({
  actionsMetadataProvider: { fetchActionMetadata },
  fileProvider: fileProvider(path),
})

const answer = {}
for (const [path, content] of Object.entries(files)) {
  const document = TextDocument.create(`file:///${path}`, 'yaml', 1, content)
  const found = await validate(document, configOf(path))
  answer[path] = found.map(({ range, message }) => ({ line: range.start.line + 1, message }))
}
console.log(JSON.stringify(answer))
