// Reads one case a line, writes one verdict a line: what iam-simulate decides about it.
import { createInterface } from 'node:readline'
import { createValidatedPolicy } from '@cloud-copilot/iam-policy'
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const UNCHECKED = () => []

function simulation(asked, wrap) {
  const named = (policies, prefix) =>
    policies.map((policy, index) => {
      const name = `${prefix}${index}`
      return { name, policy: wrap(policy, name) }
    })
  return {
    request: {
      principal: asked.principal,
      action: asked.action,
      resource: { resource: asked.resource, accountId: asked.account },
      contextVariables: asked.context,
    },
    identityPolicies: named(asked.identity, 'identity'),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: asked.resource_policy && wrap(asked.resource_policy, 'resource'),
    permissionBoundaryPolicies: asked.boundary ? named([asked.boundary], 'boundary') : undefined,
  }
}

async function decide(asked) {
  if (!asked.filtered) {
    const wrap = (policy, name) => createValidatedPolicy(policy, UNCHECKED, { name })
    return runUnsafeSimulation(simulation(asked, wrap), { simulationMode: 'Strict' })
  }
  const answer = await runSimulation(simulation(asked, (policy) => policy), {})
  return answer.overallResult ?? JSON.stringify(answer.errors)
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(await decide(JSON.parse(line)))
  } catch (error) {
    console.log(`failed: ${error.message}`)
  }
}
