#include "adapters/center/embedded_centers.hpp"

#include "adapters/center/embedded_rooms.hpp"
#include "runtime/store/env_copy.hpp"
#include "runtime/store/sealed_tables.hpp"

namespace switchboard::center {
namespace {

constexpr record_kind kinds[] = {
    {"member", read_member, index_member},
    {"tag", read_tags,
     [](std::string_view, std::string_view) { return std::vector<index_entry>(); }},
    {"product", read_product, index_product},
    {"order", read_order, index_order}};

}  // namespace

const record_kind& kind_of(center_kind kind) {
  return kinds[static_cast<std::size_t>(kind)];
}

void scan_prefix(const store::lmdb_txn& txn, store::lmdb_table table, std::string_view prefix,
                 const std::function<bool(std::string_view, std::string_view)>& visit) {
  txn.scan(table, prefix, [&](std::string_view key, std::string_view value) {
    return key.starts_with(prefix) && visit(key.substr(prefix.size()), value);
  });
}

tl::unexpected<error> damaged(const char* kind, std::string_view key) {
  return fail(errc::internal, std::string("stored ") + kind + " " + std::string(key) +
                                  " cannot be read; import it again");
}

embedded_centers::embedded_centers(std::unique_ptr<rooms> r) : rooms_(std::move(r)) {}
embedded_centers::~embedded_centers() = default;

result<std::unique_ptr<embedded_centers>> embedded_centers::open(const embedded_options& options) {
  store::lmdb_options lmdb{.dir = options.dir, .map_size = options.map_size};
  auto env = store::lmdb_env::open(lmdb);
  if (!env) return tl::unexpected(env.error());
  auto r = std::make_unique<rooms>();
  r->store.env = std::move(*env);
  std::vector<std::string> names;
  for (auto& kind : kinds) {
    names.emplace_back(kind.name);
    names.push_back(std::string(kind.name) + ".index");
  }
  names.emplace_back("folding");
  auto tables = store::open_sealed(*r->store.env, names, "the centers");
  if (!tables) return tl::unexpected(tables.error());
  for (std::size_t i = 0; i < std::size(kinds); ++i) {
    r->store.tables[i] = {(*tables)[2 * i], (*tables)[2 * i + 1]};
  }
  r->store.folding = tables->back();
  if (auto ok = renew_indexes(r->store, options.on_renewal); !ok) return tl::unexpected(ok.error());
  return std::unique_ptr<embedded_centers>(new embedded_centers(std::move(r)));
}

const member_center& embedded_centers::members() const {
  return rooms_->members;
}
const tag_center& embedded_centers::tags() const {
  return rooms_->tags;
}
const product_center& embedded_centers::products() const {
  return rooms_->products;
}
const trade_center& embedded_centers::trade() const {
  return rooms_->trade;
}

import_report embedded_centers::import(const import_request& request, std::istream& in) {
  try {
    return import_rows(rooms_->store, request, in);
  } catch (const store::damaged_data& e) {
    import_report report;
    import_errors(request.source, report)
        .add(0, {}, std::string(e.what()) + ": import all of that kind again, with --replace");
    return report;
  }
}

result<void> embedded_centers::copy_to(const std::string& dir) const {
  const auto& env = *rooms_->store.env;
  if (auto ok = store::copy_entries(env, dir, {.map_size = env.mapped()}); !ok) return ok;
  return store::verify_sealed(dir);
}

result<std::size_t> embedded_centers::count(center_kind kind) const {
  auto txn = rooms_->store.env->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  return txn->count(rooms_->store.of(kind).records);
}

}  // namespace switchboard::center
