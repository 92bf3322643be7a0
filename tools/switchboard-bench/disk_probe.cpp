#include "tools/switchboard-bench/disk_probe.hpp"

#include <filesystem>
#include <stdexcept>

#include <lmdb.h>
#include <nlohmann/json.hpp>

#include "tools/switchboard-bench/latency_record.hpp"
#include "tools/switchboard-bench/wire_session.hpp"

namespace switchboard::bench {
namespace {

constexpr int commits = 1000;
constexpr double most_seconds = 3;
constexpr std::size_t values_each = 8;
constexpr std::size_t value_bytes = 4000;

void must(int rc) {
  if (rc != 0) throw std::runtime_error(std::string("disk probe: ") + mdb_strerror(rc));
}

}  // namespace

nlohmann::json probe_disk(const std::string& directory) {
  std::filesystem::create_directories(directory);
  MDB_env* env = nullptr;
  must(mdb_env_create(&env));
  must(mdb_env_set_mapsize(env, std::size_t{256} << 20));
  must(mdb_env_open(env, directory.c_str(), 0, 0600));
  latency_record taken;
  const auto began = steady::now();
  std::string value(value_bytes, 'x');
  std::uint64_t key = 0;
  for (int i = 0; i < commits && micros_since(began) < most_seconds * 1e6; ++i) {
    const auto commit_began = steady::now();
    MDB_txn* txn = nullptr;
    MDB_dbi table = 0;
    must(mdb_txn_begin(env, nullptr, 0, &txn));
    must(mdb_dbi_open(txn, nullptr, MDB_INTEGERKEY, &table));
    for (std::size_t n = 0; n < values_each; ++n) {
      ++key;
      MDB_val k{sizeof key, &key}, v{value.size(), value.data()};
      must(mdb_put(txn, table, &k, &v, MDB_APPEND));
    }
    must(mdb_txn_commit(txn));
    taken.add(micros_since(commit_began));
  }
  mdb_env_close(env);
  std::filesystem::remove_all(directory);
  return {{"commit_32k", taken.summary()}};
}

}  // namespace switchboard::bench
