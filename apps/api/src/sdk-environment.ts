/**
 * AWS's SDK warns each operator of Node 20 at the first call, which nobody here can act on; it has no option for that. Called before
 * the first client is made.
 */
export function quietSdks(env: NodeJS.ProcessEnv): void {
  env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
}
