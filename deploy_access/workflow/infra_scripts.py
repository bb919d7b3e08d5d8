"""
What the jobs of an infra repository run in bash.

Every value comes from the environment: an expression of GitHub in a script could run code. GitHub
runs them with `bash -e`, so the first command that fails ends the step.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
"""

from __future__ import annotations

SETUP = """\
bash -euo pipefail -c "$SETUP"
echo "$PWD/.venv/bin" >> "$GITHUB_PATH"
"""
"""Installs what the repository has locked, in the folder of its files."""

SYNTHESIZE = """\
for side in base head; do
  if [ ! -d "$side" ]; then continue; fi
  cd "$side"
  bash -euo pipefail -c "$SETUP"
  PATH="$PWD/.venv/bin:$PATH" bash -euo pipefail -c "$SYNTH"
  for stack in cdktf.out/stacks/*/; do
    if [ -e "$stack/.terraform.lock.hcl" ]; then continue; fi
    if ! cp .terraform.lock.hcl "$stack"; then
      echo "::error::There is no .terraform.lock.hcl: docs/infra.md says how to make it."
      exit 1
    fi
  done
  cd ..
  mkdir -p "synthesized/$side"
  cp -R "$side/cdktf.out/manifest.json" "$side/cdktf.out/stacks" "synthesized/$side"
done
"""
"""Writes the stacks of each side that is checked out, with the lock file beside each."""

REVIEW = """\
code=0
deploy-access review synthesized/base synthesized/head --format markdown \\
  --fail-on data --fail-on findings --fail-on notices --fail-on unread > review.md || code=$?
cat review.md >> "$GITHUB_STEP_SUMMARY"
exit "$code"
"""
"""Says what changes from base to head, without AWS."""

GUARD = """\
for side in base head; do
  if [ ! -d "synthesized/$side" ]; then continue; fi
  deploy-access guard "synthesized/$side" --copy "checked/$side" ${GUARD:+"$GUARD"}
done
"""
"""Copies what may be run; `$GUARD` is `--no-assume-role` where nothing is applied."""

# The provider has some 700 MB, and every stack of a job takes the same one.
_INIT = """\
export TF_PLUGIN_CACHE_DIR="$RUNNER_TEMP/providers"
mkdir -p "$TF_PLUGIN_CACHE_DIR" plans
"""

PLAN = f"""\
{_INIT}\
base=none
if [ -d synthesized/base ]; then base=synthesized/base; fi
deploy-access waves "$base" synthesized/head --account "$ACCOUNT" --format lines > stacks.txt
while read -r action stack directory; do
  echo "::group::$stack ($action)"
  side=head options=()
  if [ "$action" = destroy ]; then side=base options=(-destroy); fi
  plan="$PWD/plans/$stack.json"
  cd "checked/$side/$directory"
  terraform init -lockfile=readonly -backend-config=assume_role=null < /dev/null
  terraform plan -lock=false "${{options[@]}}" -out=stack.tfplan < /dev/null
  terraform show -json stack.tfplan > "$plan"
  cd "$OLDPWD"
  echo "::endgroup::"
done < stacks.txt
"""
"""Plans each stack of the account that changes, with a session that reads only."""

SHOW_PLAN = """\
options=()
for plan in plans/*.json; do
  if [ -e "$plan" ]; then options+=(--plan "$plan"); fi
done
echo "## What Terraform would do in $ENVIRONMENT ($ACCOUNT)" >> "$GITHUB_STEP_SUMMARY"
if [ "${#options[@]}" = 0 ]; then
  echo "No stack of this account changes." >> "$GITHUB_STEP_SUMMARY"
else
  deploy-access review "${options[@]}" --format markdown >> "$GITHUB_STEP_SUMMARY"
fi
"""
"""Puts what the plans say into the summary of the run."""

DEPLOYED = """\
commit=none
gh run list --workflow "$WORKFLOW" --branch "$GITHUB_REF_NAME" --limit 50 \\
  --json databaseId,headSha,conclusion,startedAt --jq 'sort_by(.startedAt) | reverse | .[]
    | "\\(.databaseId) \\(.headSha) \\(.conclusion)"' > runs.txt
while read -r run sha conclusion; do
  if [ "$run" = "$GITHUB_RUN_ID" ]; then continue; fi
  if [ "$conclusion" = success ]; then commit="$sha"; break; fi
  applied=$(gh run view "$run" --json jobs \\
    --jq 'any(.jobs[]; (.name | contains(" / Apply ")) and (.steps | length > 0))' < /dev/null)
  if [ "$applied" != false ]; then break; fi
done < runs.txt
echo "Deployed: $commit"
echo "commit=$commit" >> "$GITHUB_OUTPUT"
"""
"""
Finds the commit that is deployed: that of the last run, if it succeeded.

A run that ended before it applied anything changed nothing. After one that failed in a wave the
state of the stacks is not known, so every stack is planned.
"""

WAVES = """\
base=none
if [ -d synthesized/base ]; then base=synthesized/base; fi
options=()
for account in $(jq -r 'keys[]' <<< "$ROLES"); do options+=(--account "$account"); done
PATH="$PWD/head/.venv/bin:$PATH"
deploy-access waves "$base" synthesized/head "${options[@]}" \\
  --waves "$WAVES" --format github > waves.txt
# Each stack gets the roles and the environment of its account.
while IFS== read -r name value; do
  case "$name" in
    wave_*)
      value=$(jq -c --argjson roles "$ROLES" '.include[] |= . + $roles[.account]' <<< "$value")
      ;;
  esac
  echo "$name=$value" >> "$GITHUB_OUTPUT"
done < waves.txt
# Who approves a deploy reads here what changes; what fails a review does not stop it.
deploy-access review "$base" synthesized/head --format markdown >> "$GITHUB_STEP_SUMMARY"
"""
"""Orders the stacks that changed since the last deploy."""

_SIDE = """\
case "$ACTION" in
  deploy) side=head options=() ;;
  destroy) side=base options=(-destroy) ;;
  *) exit 1 ;;
esac
"""

PLAN_STACK = f"""\
{_INIT}{_SIDE}\
record="$PWD/plans/record.json"
cd "checked/$side/$DIRECTORY"
terraform init -lockfile=readonly -backend-config=assume_role=null
terraform plan -lock=false "${{options[@]}}" -out=stack.tfplan
terraform show -json stack.tfplan > plan.json
{{
  echo "## $STACK ($ACTION)"
  echo '```'
  deploy-access changes plan.json --record "$record"
  echo '```'
}} >> "$GITHUB_STEP_SUMMARY"
"""
"""Plans one stack, and keeps what it would change for the job that applies."""

APPLY_STACK = f"""\
set -o pipefail
{_INIT}{_SIDE}\
approved="$PWD/approved/record.json"
cd "checked/$side/$DIRECTORY"
terraform init -lockfile=readonly
terraform plan -lock-timeout=5m "${{options[@]}}" -out=stack.tfplan 2>&1 |
  tee "$RUNNER_TEMP/terraform.log"
terraform show -json stack.tfplan > plan.json
if ! deploy-access changes plan.json --approved "$approved"; then
  echo "::error::$STACK: this is not what was approved, so nothing is applied. Run all jobs again."
  exit 1
fi
terraform apply -lock-timeout=5m stack.tfplan 2>&1 | tee -a "$RUNNER_TEMP/terraform.log"
"""
"""Plans one stack anew, as the role that may change it, and applies what was approved or stops."""

LOCKED = """\
field() { sed -n "s/^[^A-Za-z]*$1: *//p" "$RUNNER_TEMP/terraform.log" | tail -n 1; }
if ! grep -q "Error acquiring the state lock" "$RUNNER_TEMP/terraform.log"; then exit 0; fi
created=$(field Created | cut -c 1-19)
minutes=$((($(date +%s) - $(date -d "$created UTC" +%s)) / 60))
echo "::error::The state of $STACK is locked by $(field Who), for $minutes minutes ($created UTC)."
echo "Is that run over? Then somebody who may assume the role of Terraform unlocks the state:"
echo "  terraform -chdir=cdktf.out/$DIRECTORY init"
echo "  terraform -chdir=cdktf.out/$DIRECTORY force-unlock $(field ID)"
"""
"""Says who holds the lock of a state, for how long, and how to unlock it."""

DRIFT = f"""\
{_INIT}\
mkdir -p drift
deploy-access waves none synthesized/head --account "$ACCOUNT" --format lines > stacks.txt
touch "drift/$ENVIRONMENT.md"
while read -r _ stack directory; do
  echo "::group::$stack"
  report="$PWD/drift/$ENVIRONMENT.md"
  cd "checked/head/$directory"
  code=0
  {{ terraform init -lockfile=readonly -backend-config=assume_role=null &&
    terraform plan -lock=false -detailed-exitcode -out=stack.tfplan; }} < /dev/null || code=$?
  if [ "$code" = 2 ]; then
    terraform show -json stack.tfplan > plan.json
    {{ echo "**$stack**"; echo '```'; deploy-access changes plan.json; echo '```'; }} >> "$report"
  elif [ "$code" != 0 ]; then
    echo "**$stack** could not be planned." >> "$report"
  fi
  cd "$OLDPWD"
  echo "::endgroup::"
done < stacks.txt
"""
"""Plans every stack of the account, and writes down what is not as the stacks say."""

ISSUE = """\
for name in $ENVIRONMENTS; do
  file="drift/$name.md"
  if [ ! -e "$file" ]; then
    mkdir -p drift
    echo "The stacks could not be planned." > "$file"
  fi
  if [ -s "$file" ]; then
    { echo "### $name"; echo; cat "$file"; echo; } >> found.md
  fi
done
number=$(gh issue list --state open --search "in:title \\"$TITLE\\"" --json number,title,author \\
  --jq '[.[] | select(.title == env.TITLE and .author.is_bot)][0].number // empty')
if [ ! -e found.md ]; then
  if [ -n "$number" ]; then gh issue close "$number" --comment "AWS is as the stacks say: $RUN"; fi
  exit 0
fi
{
  echo "AWS is not as the stacks of the default branch say. A deploy would change this:"
  echo
  head -c 60000 found.md
  echo
  echo "Found by $RUN. The issue is closed when nothing is found any more."
} > body.md
if [ -n "$number" ]; then
  gh issue edit "$number" --body-file body.md
else
  gh issue create --title "$TITLE" --body-file body.md
fi
"""
"""Keeps one issue: opens it, brings it up to date, and closes it when nothing is found."""
