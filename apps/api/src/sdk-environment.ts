/**
 * What the providers' SDKs take from the environment and have no option for. Called before the first client is made.
 *
 * - Anthropic's adds the headers of `ANTHROPIC_CUSTOM_HEADERS` to the calls of every tenant, to their own servers too.
 * - AWS's warns each operator of Node 20 at the first call, which nobody here can act on.
 */
export function tameSdkEnvironment(env: NodeJS.ProcessEnv): void {
  delete env["ANTHROPIC_CUSTOM_HEADERS"];
  env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
}
