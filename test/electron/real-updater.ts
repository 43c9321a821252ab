import { mkdir, writeFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import path from 'node:path';
import { configureRequestOptions, configureRequestUrl, HttpExecutor } from 'builder-util-runtime';
import updaterModule from 'electron-updater';
import { vi } from 'vitest';
import type { UpdaterSurface } from '../../main/electron/updates.ts';

const { AppImageUpdater } = updaterModule;

/** The updater as it is for an AppImage, with what it takes of Electron (who the app is, and its network) given by hand. */
export async function realUpdater(given: { folder: string; url: string; version: string }): Promise<UpdaterSurface> {
  const { folder, url, version } = given;
  const config = path.join(folder, 'app-update.yml');
  await mkdir(path.join(folder, 'cache'), { recursive: true });
  const appImage = path.join(folder, 'Stormlet.AppImage');
  await writeFile(appImage, 'the old version');
  vi.stubEnv('APPIMAGE', appImage);
  await writeFile(config, `provider: generic\nurl: ${url}\nupdaterCacheDirName: stormlet\n`);
  const updater = new AppImageUpdater(null, {
    version,
    name: 'Stormlet',
    isPackaged: true,
    appUpdateConfigPath: config,
    userDataPath: folder,
    baseCachePath: path.join(folder, 'cache'),
    whenReady: () => Promise.resolve(),
    relaunch: () => {},
    quit: () => {},
    onQuit: () => {},
  });
  updater.updateConfigPath = config;
  updater.logger = null;
  updater.disableDifferentialDownload = true;
  Object.assign(updater, { httpExecutor: new LoopbackExecutor() });
  return updater;
}

class LoopbackExecutor extends HttpExecutor<ClientRequest> {
  createRequest(options: RequestOptions, callback: (response: IncomingMessage) => void): ClientRequest {
    return request(options, callback);
  }

  /** As the updater's own does it by Electron's network. */
  download(
    url: URL,
    destination: string,
    options: Parameters<HttpExecutor<ClientRequest>['doDownload']>[1]['options'],
  ) {
    return options.cancellationToken.createPromise<string>((resolve, reject, onCancel) => {
      const requestOptions: RequestOptions = { headers: options.headers ?? {} };
      configureRequestUrl(url, requestOptions);
      configureRequestOptions(requestOptions);
      const callback = (error: Error | null) => (error ? reject(error) : resolve(destination));
      this.doDownload(requestOptions, { destination, options, onCancel, callback, responseHandler: null }, 0);
    });
  }
}
