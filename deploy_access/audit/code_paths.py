"""
The ways in which a role runs code as another identity, by the calls that each of them takes.

What a deploy does by design is a note. What no deploy calls is a warning.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html and the page of
each call, of which `why` says what counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from deploy_access.iam.capabilities import ECS_TASKS


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePath:
    """
    A way to run code as another identity.

    Attributes:
        rule: The rule that finds it.
        calls: What it takes: one action of each group.
        why: What then happens, as a sentence.
        passed_to: The service that a role must be passed to; empty where no role is passed.
    """

    rule: str
    calls: tuple[frozenset[str], ...]
    why: str
    passed_to: str = ""


def _path(rule: str, calls: str, why: str, passed_to: str = "") -> CodePath:
    """Make a path of calls as `ecs:RunTask|ecs:StartTask, iam:…`: groups of alternatives."""
    groups = tuple(frozenset(group.strip().split("|")) for group in calls.split(","))
    return CodePath(rule=rule, calls=groups, why=why, passed_to=passed_to)


_AS_IT_IS = "whatever that one may do, this role may do by it"
CODE_PATHS = (
    _path(
        "ecs-exec",
        "ecs:ExecuteCommand",
        "It types commands into containers that are up, which run with the task's role and data.",
    ),
    _path(
        "cluster-host",
        "ecs:RegisterContainerInstance",
        "A machine of its own joins the cluster, and gets tasks with their roles' credentials.",
    ),
    _path(
        "runs-as-task",
        "ecs:RegisterTaskDefinition, ecs:RunTask|ecs:StartTask|ecs:CreateService|ecs:UpdateService"
        "|ecs:CreateTaskSet|codedeploy:CreateDeployment",
        "By design, a deploy runs code as the roles that it passes",
        ECS_TASKS,
    ),
    _path(
        "runs-as-task",
        "ecs:CreateExpressGatewayService|ecs:UpdateExpressGatewayService",
        "By design, a deploy runs code as the roles that it passes",
        ECS_TASKS,
    ),
    _path(
        "runs-as-task",
        "ecs:RunTask|ecs:StartTask",
        f"A run may override the command, which runs as the task's role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-on-instance",
        "ssm:SendCommand|ssm:CreateAssociation",
        f"Commands run as the machine's administrator and with its role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-on-instance",
        "ssm:StartSession",
        f"A session is a shell on the machine or in the task, with its role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-on-instance",
        "ec2-instance-connect:SendSSHPublicKey",
        f"Who logs in to the machine has the machine's role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-on-instance",
        "ec2:ModifyInstanceAttribute",
        f"The script that an instance starts with can be changed, and has its role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-on-instance",
        "ec2:RequestSpotFleet|ec2:RequestSpotInstances|ec2:RunInstances",
        "The user data of an instance is a script that runs as the role that is passed",
        "ec2.amazonaws.com",
    ),
    _path(
        "runs-as-function",
        "lambda:UpdateFunctionCode",
        f"The code of a function runs as the function's role, by design: {_AS_IT_IS}.",
    ),
    _path(
        "runs-as-function",
        "lambda:UpdateFunctionConfiguration",
        f"A layer or a variable can run code as the function's role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-as-function",
        "lambda:CreateFunction",
        "A new function runs its code as the role that is passed",
        "lambda.amazonaws.com",
    ),
    _path(
        "runs-as-build",
        "codebuild:StartBuild|codebuild:StartBuildBatch|codebuild:UpdateProject",
        f"A build may be given other commands, which run as the project's role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-as-build",
        "codebuild:CreateProject",
        "A new project builds with the role that is passed",
        "codebuild.amazonaws.com",
    ),
    _path(
        "runs-as-stack",
        "cloudformation:CreateStack|cloudformation:UpdateStack|cloudformation:ExecuteChangeSet"
        "|cloudformation:CreateStackSet|cloudformation:UpdateStackSet",
        "CloudFormation makes what the template says as the role that is passed",
        "cloudformation.amazonaws.com",
    ),
    _path(
        "runs-as-stack",
        "cloudformation:CreateStack|cloudformation:UpdateStack|cloudformation:ExecuteChangeSet"
        "|cloudformation:CreateStackSet|cloudformation:UpdateStackSet",
        "CloudFormation makes what the template says; a stack with a role of its own is changed as "
        "that role, which is not passed again.",
    ),
    # A new definition of a job is code of the caller's; the role is the one that it names.
    _path(
        "runs-as-job",
        "batch:RegisterJobDefinition, batch:SubmitJob",
        "A job runs its image as the role that is passed",
        ECS_TASKS,
    ),
    _path(
        "runs-as-job",
        "batch:SubmitJob",
        f"A job may be given another command, which runs as its definition's role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-as-job",
        "elasticmapreduce:AddJobFlowSteps",
        f"The steps of a cluster run as the role of its machines: {_AS_IT_IS}.",
    ),
    _path(
        "runs-as-job",
        "sagemaker:CreatePresignedDomainUrl|sagemaker:CreatePresignedNotebookInstanceUrl",
        f"A notebook runs what is typed into it as its own role: {_AS_IT_IS}.",
    ),
    _path(
        "runs-as-job",
        "glue:CreateJob|glue:UpdateJob|glue:CreateDevEndpoint|glue:CreateSession",
        "Glue runs a script as the role that is passed",
        "glue.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "sagemaker:CreateModel|sagemaker:CreateNotebookInstance|sagemaker:CreatePipeline"
        "|sagemaker:CreateProcessingJob|sagemaker:CreateTrainingJob|sagemaker:UpdatePipeline",
        "SageMaker runs an image or a notebook as the role that is passed",
        "sagemaker.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "datapipeline:CreatePipeline, datapipeline:PutPipelineDefinition",
        "A pipeline runs shell commands as the role that is passed",
        "datapipeline.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "states:CreateStateMachine|states:UpdateStateMachine",
        "A state machine calls what its definition says as the role that is passed",
        "states.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "scheduler:CreateSchedule|scheduler:UpdateSchedule",
        "A schedule makes any call of AWS as the role that is passed",
        "scheduler.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "codepipeline:CreatePipeline|codepipeline:UpdatePipeline",
        "A pipeline does what its stages say as the role that is passed",
        "codepipeline.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "apprunner:CreateService|apprunner:UpdateService",
        "App Runner runs an image as the role that is passed",
        "tasks.apprunner.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "bedrock-agentcore:CreateAgentRuntime|bedrock-agentcore:UpdateAgentRuntime",
        "An agent runs its image as the role that is passed",
        "bedrock-agentcore.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "emr-serverless:StartJobRun",
        "A job runs its script as the role that is passed",
        "emr-serverless.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "events:PutTargets",
        "A rule starts its target as the role that is passed",
        "events.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "pipes:CreatePipe|pipes:UpdatePipe",
        "A pipe starts its target as the role that is passed",
        "pipes.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "ssm:StartAutomationExecution",
        "A runbook makes the calls of its steps as the role that is passed",
        "ssm.amazonaws.com",
    ),
    _path(
        "runs-as-job",
        "elasticmapreduce:RunJobFlow",
        "The steps of a cluster run as the role that is passed",
        "elasticmapreduce.amazonaws.com",
    ),
)
"""Of one rule, the first one that is found is said."""
