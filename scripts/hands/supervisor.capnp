using Workerd = import "/workerd/workerd.capnp";

# One run's process: nothing outside of it can be reached from here. Its address is given on the command line.
const config :Workerd.Config = (
  services = [ (name = "supervisor", worker = .supervisor), (name = "internet", network = (allow = [])) ],
  sockets = [ (name = "run", address = "unix:unset", http = (), service = "supervisor") ],
);

const supervisor :Workerd.Worker = (
  modules = [ (name = "supervisor.js", esModule = embed "supervisor.js") ],
  compatibilityDate = "2026-11-01",
  bindings = [ (name = "LOADER", workerLoader = ()) ],
);
