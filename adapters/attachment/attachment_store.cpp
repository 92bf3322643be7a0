#include "adapters/attachment/attachment_store.hpp"

#include <algorithm>
#include <filesystem>

#include "actors/reception/attachment_release.hpp"
#include "actors/reception/input_rules.hpp"
#include "adapters/attachment/index_layout.hpp"
#include "runtime/log/log.hpp"
#include "runtime/store/env_copy.hpp"
#include "runtime/store/sealed_tables.hpp"
#include "runtime/store/store.hpp"

namespace switchboard::attachment {
namespace {

tl::unexpected<error> disk_full() {
  return fail(errc::resource_exhausted,
              "the disk is nearly full: no file is taken until there is room");
}

tl::unexpected<error> no_such() {
  return fail(errc::not_found, "attachment_id: there is no such attachment", "attachment_id");
}

}  // namespace

attachment_store::attachment_store(std::string dir, store::directory_lock lock, content_files files,
                                   std::unique_ptr<store::lmdb_env> index,
                                   const upload_limits& uploads, free_space free)
    : dir_(std::move(dir)),
      lock_(std::move(lock)),
      files_(std::move(files)),
      index_(std::move(index)),
      limits_(uploads),
      free_(std::move(free)) {}

bool attachment_store::late(const upload& u, timestamp now) const {
  const auto pause = u.file->size() == 0 ? limits_.first_piece_within : limits_.piece_within;
  return u.grown + pause < now || u.begun + limits_.upload_within < now;
}

void attachment_store::clear_unfinished(const std::string& dir) {
  std::error_code ec;
  if (!std::filesystem::exists(dir, ec)) return;
  if (auto lock = store::directory_lock::take(dir)) content_files::clear_incoming(dir);
}

result<void> attachment_store::compact(const std::string& dir) {
  return store::compact_environment(index_of(dir));
}

std::string attachment_store::set_aside(const std::string& dir) {
  return damaged_index_of(dir);
}

result<std::unique_ptr<attachment_store>> attachment_store::open(const std::string& dir,
                                                                 const upload_limits& uploads,
                                                                 free_space free) {
  auto lock = store::directory_lock::take(dir);
  if (!lock) return tl::unexpected(lock.error());
  auto files = content_files::open(dir);
  if (!files) return tl::unexpected(files.error());
  auto env = open_index(dir);
  if (!env) return tl::unexpected(env.error());
  if (!free) free = [dir] { return content_files::free_bytes(dir); };
  std::unique_ptr<attachment_store> made(new attachment_store(
      dir, std::move(*lock), std::move(*files), std::move(*env), uploads, std::move(free)));
  if (auto ok = made->open_tables(); !ok) return tl::unexpected(ok.error());
  if (!made->kinds_.ready())
    return fail(errc::unavailable, "attachments: libmagic finds no database of kinds");
  if (auto ok = made->mend_index(); !ok) return tl::unexpected(ok.error());
  made->remove_strays();
  return made;
}

std::optional<record> attachment_store::find(const store::lmdb_txn& txn,
                                             const std::string& id) const {
  auto packed = txn.get(entries_, id);
  record r;
  if (!packed || !codec::unpack(*packed, r)) return {};
  return r;
}

result<void> attachment_store::admit(const record& r, const limits& l) const {
  if (r.size > l.size) {
    return tl::unexpected(
        error{errc::invalid_argument,
              "size: " + std::to_string(r.size) + " bytes; at most " + std::to_string(l.size),
              "size",
              {},
              0,
              "attachments.size"});
  }
  if (auto ok = admit_upload(r); !ok) return ok;
  auto txn = index_->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  auto promised = r.size;
  for (auto& [id, u] : uploads_) promised += u.what.channel == r.channel ? u.what.size : 0;
  if (count_of(txn->get(usage_, r.channel)) + promised > l.channel_quota) {
    return tl::unexpected(
        error{errc::resource_exhausted,
              "the channel holds as many bytes of files as it may, with those under way",
              {},
              {},
              0,
              "attachments.channel_quota"});
  }
  std::size_t n = 0;
  txn->scan(entries_, r.session, [&](std::string_view key, std::string_view) {
    return key.starts_with(r.session) && ++n < l.per_session;
  });
  for (auto& [id, u] : uploads_) n += u.what.session == r.session ? 1 : 0;
  if (n >= l.per_session) {
    return tl::unexpected(error{errc::resource_exhausted,
                                "the session holds as many files as it may",
                                {},
                                {},
                                0,
                                "attachments.per_session"});
  }
  return {};
}

/// A place among those under way, and room on the disk for all that they have promised.
result<void> attachment_store::admit_upload(const record& r) const {
  std::size_t own = 0;
  std::uint64_t to_come = r.size;
  for (auto& [id, u] : uploads_) {
    own += u.what.by == r.by ? 1 : 0;
    to_come += u.to_come();
  }
  if (uploads_.size() >= limits_.in_all)
    return fail(errc::resource_exhausted, "as many uploads are under way as may be");
  if (own >= limits_.of_one) {
    return fail(errc::resource_exhausted,
                "as many uploads are under way as one token may have: " + std::to_string(own));
  }
  if (free_() < limits_.disk_free + to_come) return disk_full();
  return {};
}

result<std::uint64_t> attachment_store::begin(const record& r, const limits& l, timestamp now) {
  return readable([&]() -> result<std::uint64_t> {
    auto same = [&](const record& a) {
      return a.by == r.by && a.size == r.size && a.name == r.name && a.type == r.type;
    };
    const auto other = fail(errc::already_exists, "op_id: used before with other content", "op_id");
    auto known = uploads_.find(r.id);
    if (known != uploads_.end()) {
      auto& u = known->second;
      if (!same(u.what)) return other;
      return u.file->size();
    }
    {
      auto txn = index_->begin_read();
      if (!txn) return tl::unexpected(txn.error());
      if (auto done = find(*txn, r.id)) {
        if (!same(*done)) return other;
        return done->size;
      }
    }
    if (auto ok = admit(r, l); !ok) return tl::unexpected(ok.error());
    auto file = files_.begin(r.id);
    if (!file) return tl::unexpected(file.error());
    uploads_[r.id] = {r, std::move(*file), now, now};
    return 0;
  });
}

result<attachment_store::upload*> attachment_store::upload_of(const std::string& id,
                                                              const std::string& by) {
  auto it = uploads_.find(id);
  if (it == uploads_.end() || it->second.what.by != by) {
    return fail(errc::not_found, "attachment_id: there is no such upload under way; begin again",
                "attachment_id");
  }
  return &it->second;
}

result<std::uint64_t> attachment_store::append(const std::string& id, const std::string& by,
                                               std::uint64_t offset, std::string_view bytes,
                                               timestamp now) {
  auto u = upload_of(id, by);
  if (!u) return tl::unexpected(u.error());
  auto& file = *(*u)->file;
  if (offset + bytes.size() <= file.size()) return file.size();  // said again
  if (offset != file.size()) {
    return fail(errc::failed_precondition, "offset: expected " + std::to_string(file.size()),
                "offset");
  }
  if (offset + bytes.size() > (*u)->what.size) {
    return fail(errc::invalid_argument,
                "data: more than the " + std::to_string((*u)->what.size) + " bytes announced",
                "data");
  }
  if (free_() < limits_.disk_free + bytes.size()) return disk_full();
  if (auto ok = file.append(bytes); !ok) return tl::unexpected(ok.error());
  (*u)->grown = now;
  return file.size();
}

result<record> attachment_store::finish(const std::string& id, const std::string& by,
                                        const std::string& sha256, const limits& l, timestamp now) {
  return readable([&]() -> result<record> {
    auto found = upload_of(id, by);
    if (!found) {
      auto txn = index_->begin_read();
      if (!txn) return tl::unexpected(txn.error());
      if (auto done = find(*txn, id); done && done->by == by) return *done;
      return tl::unexpected(found.error());
    }
    auto& u = **found;
    auto r = u.what;
    if (u.file->size() != r.size) {
      return fail(errc::failed_precondition,
                  "only " + std::to_string(u.file->size()) + " of " + std::to_string(r.size) +
                      " bytes are here",
                  "attachment_id");
    }
    auto sealed = u.file->seal();
    if (!sealed) return tl::unexpected(sealed.error());
    r.sha256 = *sealed;
    r.kind = kinds_.of_file(u.file->path());
    r.at = now;
    r.expires_at = now + l.unreferenced_for;
    std::optional<error> wrong;
    if (!sha256.empty() && sha256 != r.sha256)
      wrong = error{errc::invalid_argument, "sha256: what came is " + r.sha256, "sha256", {}, 0};
    else if (!kind_fits_type(r.kind, r.type))
      wrong = error{errc::invalid_argument,
                    "type: the content is " + r.kind + ", which is no " + r.type,
                    "type",
                    {},
                    0};
    else if (!l.kinds.empty() &&
             std::ranges::none_of(l.kinds, [&](auto& k) { return kind_matches(r.kind, k); }))
      wrong = error{errc::invalid_argument,
                    "kind: the content is " + r.kind + ", which is not taken",
                    "kind",
                    {},
                    0,
                    "attachments.kinds"};
    if (wrong) {
      uploads_.erase(id);
      return tl::unexpected(*wrong);
    }
    if (auto ok = files_.keep(*u.file, r.sha256); !ok) return tl::unexpected(ok.error());
    auto entered = enter(r);
    uploads_.erase(id);
    if (entered) return r;
    // Nobody speaks of the content, unless somebody did before.
    auto txn = index_->begin_read();
    if (txn && count_of(txn->get(uses_, r.sha256)) == 0) files_.remove(r.sha256);
    return tl::unexpected(entered.error());
  });
}

result<void> attachment_store::enter(const record& r) {
  auto txn = index_->begin_write();
  if (!txn) return tl::unexpected(txn.error());
  auto uses = count_of(txn->get(uses_, r.sha256)), usage = count_of(txn->get(usage_, r.channel));
  result<void> ok = txn->put(entries_, r.id, codec::pack(r));
  if (ok) ok = txn->put(expiry_, expiry_key(r.expires_at, r.id), r.id);
  if (ok) ok = txn->put(uses_, r.sha256, count_bytes(uses + 1));
  if (ok) ok = txn->put(usage_, r.channel, count_bytes(usage + r.size));
  return ok ? txn->commit() : ok;
}

std::optional<record> attachment_store::find_kept(const std::string& id) const {
  auto found = readable([&]() -> result<std::optional<record>> {
    auto txn = index_->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    return find(*txn, id);
  });
  return found.value_or(std::nullopt);
}

std::uint64_t attachment_store::bytes_of(const std::string& id) const {
  auto u = uploads_.find(id);
  return u == uploads_.end() ? 0 : u->second.file->size();
}

bool attachment_store::is_kept(const std::string& id) const {
  return find_kept(id).has_value();
}

bool attachment_store::is_claimed(const std::string& id, const std::string& key) const {
  const auto r = find_kept(id);
  return r && r->claimed_by == key;
}

result<record> attachment_store::claim(const std::string& id, const std::string& session,
                                       const std::string& by, const std::string& key,
                                       const std::string& type) {
  return readable([&]() -> result<record> {
    auto txn = index_->begin_write();
    if (!txn) return tl::unexpected(txn.error());
    auto r = find(*txn, id);
    if (!r || r->session != session || r->by != by) return no_such();
    if (!kind_fits_type(r->kind, type)) {
      return fail(errc::invalid_argument,
                  "type: the attachment is " + r->kind + ", which is no " + type, "type");
    }
    if (r->claimed_by == key) return *r;
    if (!r->claimed_by.empty()) {
      return fail(errc::failed_precondition,
                  "body.attachment_id: another message carries it already", "body.attachment_id");
    }
    auto expired = expiry_key(r->expires_at, id);
    r->claimed_by = key;
    result<void> ok = txn->put(entries_, id, codec::pack(*r));
    if (ok) ok = txn->erase(expiry_, expired);
    if (ok) ok = txn->commit();
    if (!ok) return tl::unexpected(ok.error());
    return *r;
  });
}

result<slice> attachment_store::read(const std::string& id, std::uint64_t offset,
                                     std::size_t limit) const {
  return readable([&]() -> result<slice> {
    std::optional<record> r;
    {
      auto txn = index_->begin_read();
      if (!txn) return tl::unexpected(txn.error());
      r = find(*txn, id);
    }
    if (!r || r->claimed_by.empty()) return no_such();
    if (offset > r->size)
      return fail(errc::invalid_argument,
                  "offset: the attachment has " + std::to_string(r->size) + " bytes", "offset");
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(limit, r->size - offset));
    if (auto ok = check_content(r->sha256); !ok) return tl::unexpected(ok.error());
    auto data = files_.read(r->sha256, offset, wanted);
    if (!data) return tl::unexpected(data.error());
    if (data->size() < wanted)
      return fail(errc::internal, "the attachment's file is damaged: it is shorter than it was");
    bool more = offset + data->size() < r->size;
    return slice{std::move(*r), std::move(*data), more};
  });
}

result<void> attachment_store::check_content(const std::string& sha256) const {
  constexpr std::size_t most_remembered = 10'000;
  if (checked_.contains(sha256)) return {};
  if (auto ok = files_.check(sha256); !ok) {
    log::error("attachment_damaged",
               {{"content", log::technical{sha256}}, {"why", log::technical{ok.error().message}}});
    return ok;
  }
  if (checked_.size() >= most_remembered) checked_.clear();
  checked_.insert(sha256);
  return {};
}

result<void> attachment_store::release(const std::string& id) {
  return readable([&]() -> result<void> {
    auto txn = index_->begin_write();
    if (!txn) return tl::unexpected(txn.error());
    auto r = find(*txn, id);
    if (!r) return {};
    bool last_use = false;
    auto ok = take_out(*txn, *r, last_use);
    if (ok) ok = txn->commit();
    if (ok && last_use) files_.remove(r->sha256);
    return ok;
  });
}

/// The index first: a content it speaks of is on disk already, one brought after it is a stray that
/// the next start removes.
result<void> attachment_store::copy_to(const std::string& dir) const {
  if (auto ok = store::copy_entries(*index_, dir + "/index", {.map_size = map_size}); !ok)
    return ok;
  if (auto ok = store::verify_sealed(dir + "/index"); !ok) return ok;
  return files_.copy_to(dir);
}

attachment_store::usage attachment_store::used() const {
  usage out;
  out.uploads = uploads_.size();
  if (auto txn = index_->begin_read()) {
    out.attachments = txn->count(entries_);
    out.contents = txn->count(uses_);
  }
  return out;
}

}  // namespace switchboard::attachment
