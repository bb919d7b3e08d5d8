// Reads a JSON list of graphs, writes what Mermaid makes of each: its kind, its nodes and its
// connections, or why it is no graph.
import { text } from 'node:stream/consumers'
import { JSDOM } from 'jsdom'

const { window } = new JSDOM('')
Object.assign(globalThis, { window, document: window.document })
const { default: mermaid } = await import('mermaid')

async function judge(graph) {
  try {
    await mermaid.parse(graph)
    const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(graph)
    return { type, nodes: [...db.getVertices().keys()], edges: db.getEdges().length }
  } catch (error) {
    return { failed: error.message }
  }
}

const answers = []
for (const graph of JSON.parse(await text(process.stdin))) answers.push(await judge(graph))
console.log(JSON.stringify(answers))
