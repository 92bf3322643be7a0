#include "actors/configuration/configuration_body.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/log/log.hpp"

/// Two write one configuration: the dispatch file, and who decides while the daemon runs
/// (docs/decisions/0032).
namespace switchboard {

using codec::packer;

namespace {

void pack_differences(packer& p, const std::vector<config::field_difference>& all) {
  constexpr std::size_t most = 1'000;
  const auto shown = std::min(most, all.size());
  p.str("differences").array(static_cast<std::uint32_t>(shown));
  for (std::size_t i = 0; i < shown; ++i) {
    auto& d = all[i];
    p.map(5);
    field(p, "thing", d.thing);
    field(p, "field", d.field);
    p.str("file");
    d.file ? void(p.str(*d.file)) : void(p.nil());
    p.str("running");
    d.running ? void(p.str(*d.running)) : void(p.nil());
    field(p, "text", config::to_string(d));
  }
}

std::string told(const std::vector<config::field_difference>& lost) {
  constexpr std::size_t most = 20;
  std::string out =
      "the file would take back what was decided while running; "
      "`switchboardctl rules apply FILE` takes the file, `switchboardctl rules keep` what runs:";
  for (std::size_t i = 0; i < lost.size() && i < most; ++i)
    out += "\n" + config::to_string(lost[i]);
  if (lost.size() > most) out += "\nand " + std::to_string(lost.size() - most) + " more";
  return out;
}

}  // namespace

std::uint64_t configuration_body::settled() const {
  return record_.file_hash != 0 ? record_.file_hash : active_.version.file_hash;
}

file_decision configuration_body::decide(std::string_view file) const {
  return decide_on_file(file, active_.version, settled(),
                        [this](int n) { return find_whole_version(n); });
}

void configuration_body::reload(configuration_call& m) {
  auto found = decide(m.text);
  if (found.what == file_decision::kind::take) {
    disagree(std::nullopt);
    return apply(m, {std::move(m.text), std::move(m.comment)});
  }
  if (found.what == file_decision::kind::unchanged) {
    disagree(std::nullopt);
    if (found.like != 0) commit({file_settled{file_hash_of(m.text), m.by.id, wall()}});
    m.file = active_.version.file;
    // Files that the text names may say something new.
    return apply(m, {active_.version.text, std::move(m.comment)});
  }
  const auto lost = found.lost.size();
  auto message = told(found.lost);
  disagree(file_conflict{std::move(m.text), m.file, std::move(found.lost), wall()});
  m.reply.fail(services_.journal.last(),
               error{errc::failed_precondition, std::move(message), "text", "differences",
                     static_cast<std::int64_t>(lost)});
}

void configuration_body::disagree(std::optional<file_conflict> about) {
  conflict_ = std::move(about);
  const auto count = conflict_ ? conflict_->lost.size() : 0;
  if (services_.disagree) services_.disagree(count);
  if (conflict_) {
    log::warn("configuration_conflict", {{"version", record_.latest}, {"differences", count}});
  }
}

void configuration_body::review_conflict() {
  if (!conflict_) return;
  auto found = decide(conflict_->text);
  if (found.what != file_decision::kind::conflict) return disagree(std::nullopt);
  conflict_->lost = std::move(found.lost);
  if (services_.disagree) services_.disagree(conflict_->lost.size());
}

void configuration_body::conflicts(const configuration_call& m) {
  static const file_conflict none;
  const auto& c = conflict_ ? *conflict_ : none;
  packer p;
  p.map(5);
  field(p, "version", static_cast<std::int64_t>(record_.latest));
  field(p, "file", c.file);
  field(p, "since", c.since);
  p.str("conflict").boolean(conflict_.has_value());
  pack_differences(p, c.lost);
  m.reply.ok(services_.journal.last(), p.take());
}

void configuration_body::keep(const configuration_call& m) {
  const bool kept = conflict_.has_value();
  packer p;
  p.map(2);
  field(p, "version", static_cast<std::int64_t>(record_.latest));
  p.str("kept").boolean(kept);
  auto answer = p.take();
  std::vector<configuration_event> events;
  if (kept) events.emplace_back(file_settled{file_hash_of(conflict_->text), m.by.id, wall()});
  const auto at = settle(m, std::move(events), answer);
  if (kept) {
    log::info("configuration_kept", {{"version", record_.latest}, {"by", agent_id{m.by.id}}});
    disagree(std::nullopt);
  }
  m.reply.ok(at, std::move(answer));
}

}  // namespace switchboard
