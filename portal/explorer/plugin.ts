export async function createExplorer(_: unknown) { return async () => undefined }
