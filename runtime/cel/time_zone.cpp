#include "runtime/cel/time_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <unordered_map>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace switchboard::cel {

namespace {

std::optional<absl::TimeZone> fixed_zone(std::string_view text) {
  const bool west = text.starts_with('-');
  if (west || text.starts_with('+')) text.remove_prefix(1);
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return absl::FixedTimeZone((hours * 3600 + minutes * 60) * (west ? -1 : 1));
}

// The name becomes part of a file name further down, so it may not be able to leave the database.
bool is_zone_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '/' && name.back() != '/' &&
         std::all_of(name.begin(), name.end(), allowed);
}

bool is_installed(const std::string& name) {
  const char* root = std::getenv("TZDIR");
  std::error_code failure;
  return std::filesystem::is_regular_file(
      std::filesystem::path{root ? root : "/usr/share/zoneinfo"} / name, failure);
}

/// Zones by name. Holds installed zones only, so it cannot grow by what conditions ask for.
class zone_table {
 public:
  std::optional<absl::TimeZone> find(std::string_view name) {
    const std::lock_guard lock{guard_};
    const std::string key{name};
    if (const auto known = zones_.find(key); known != zones_.end()) return known->second;
    absl::TimeZone zone;
    if (!is_installed(key) || !absl::LoadTimeZone(key, &zone)) return std::nullopt;
    return zones_.emplace(key, zone).first->second;
  }

 private:
  std::mutex guard_;
  std::unordered_map<std::string, absl::TimeZone> zones_;
};

std::optional<absl::TimeZone> find_zone(std::string_view name) {
  if (name == "UTC" || name == "Z") return absl::UTCTimeZone();
  if (const auto fixed = fixed_zone(name)) return fixed;
  if (!is_zone_name(name)) return std::nullopt;
  static zone_table zones;
  return zones.find(name);
}

}  // namespace

std::optional<wall_time> wall_time_in(instant at, std::string_view zone) {
  const auto found = find_zone(zone);
  if (!found) return std::nullopt;
  const auto civil = found->At(absl::FromUnixSeconds(at.seconds)).cs;
  wall_time wall;
  wall.year = civil.year();
  wall.month = civil.month() - 1;
  wall.day_of_month = civil.day();
  wall.day_of_year = absl::GetYearDay(absl::CivilDay{civil}) - 1;
  // absl counts from Monday, CEL from Sunday.
  wall.day_of_week = (static_cast<int>(absl::GetWeekday(absl::CivilDay{civil})) + 1) % 7;
  wall.hour = civil.hour();
  wall.minute = civil.minute();
  wall.second = civil.second();
  return wall;
}

std::optional<std::int64_t> civil_day_in(instant at, std::string_view zone) {
  const auto found = find_zone(zone);
  if (!found) return std::nullopt;
  const absl::CivilDay day{found->At(absl::FromUnixSeconds(at.seconds)).cs};
  return day - absl::CivilDay{1970, 1, 1};
}

std::vector<std::int64_t> moments_of(std::int64_t civil_day, int minute, std::string_view zone) {
  const auto found = find_zone(zone);
  if (!found) return {};
  const auto day = absl::CivilDay{1970, 1, 1} + civil_day;
  const auto info = found->At(absl::CivilSecond{day} + std::int64_t{minute} * 60);
  switch (info.kind) {
    case absl::TimeZone::TimeInfo::UNIQUE:
      return {absl::ToUnixSeconds(info.pre)};
    case absl::TimeZone::TimeInfo::SKIPPED:
      return {absl::ToUnixSeconds(info.trans)};
    case absl::TimeZone::TimeInfo::REPEATED:
      return {absl::ToUnixSeconds(info.pre), absl::ToUnixSeconds(info.post)};
  }
  return {};
}

std::optional<std::int64_t> next_change_of(std::string_view zone, instant at) {
  const auto found = find_zone(zone);
  absl::TimeZone::CivilTransition change;
  if (!found || !found->NextTransition(absl::FromUnixSeconds(at.seconds), &change))
    return std::nullopt;
  return absl::ToUnixSeconds(found->At(change.to).trans);
}

}  // namespace switchboard::cel
