#include "config/zone_names.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "runtime/text/fold.hpp"

namespace switchboard::config {
namespace {

struct meant {
  std::string_view name, zone;
};

/// Folded, words joined by `_`; of "Asia/Beijing" the last part.
// clang-format off
constexpr std::array meant_zones = std::to_array<meant>({
    {"beijing", "Asia/Shanghai"},       {"peking", "Asia/Shanghai"},
    {"china", "Asia/Shanghai"},         {"china_standard_time", "Asia/Shanghai"},
    {"beijing_time", "Asia/Shanghai"},  {"北京", "Asia/Shanghai"},
    {"北京时间", "Asia/Shanghai"},      {"上海", "Asia/Shanghai"},
    {"cst", "Asia/Shanghai"},           {"utc+8", "Asia/Shanghai"},
    {"utc+08:00", "Asia/Shanghai"},     {"gmt+8", "Asia/Shanghai"},
    {"gmt+08:00", "Asia/Shanghai"},     {"+08:00", "Asia/Shanghai"},
    {"guangzhou", "Asia/Shanghai"},     {"shenzhen", "Asia/Shanghai"},
    {"hangzhou", "Asia/Shanghai"},      {"chengdu", "Asia/Shanghai"},
    {"nanjing", "Asia/Shanghai"},       {"wuhan", "Asia/Shanghai"},
    {"xian", "Asia/Shanghai"},          {"tianjin", "Asia/Shanghai"},
    {"chongqing", "Asia/Shanghai"},     {"harbin", "Asia/Shanghai"},
    {"hongkong", "Asia/Hong_Kong"},     {"macao", "Asia/Macau"},
    {"taiwan", "Asia/Taipei"},          {"osaka", "Asia/Tokyo"},
    {"kyoto", "Asia/Tokyo"},            {"japan", "Asia/Tokyo"},
    {"busan", "Asia/Seoul"},            {"korea", "Asia/Seoul"},
    {"delhi", "Asia/Kolkata"},          {"new_delhi", "Asia/Kolkata"},
    {"mumbai", "Asia/Kolkata"},         {"bombay", "Asia/Kolkata"},
    {"bangalore", "Asia/Kolkata"},      {"chennai", "Asia/Kolkata"},
    {"india", "Asia/Kolkata"},          {"ist", "Asia/Kolkata"},
    {"hanoi", "Asia/Ho_Chi_Minh"},      {"vietnam", "Asia/Ho_Chi_Minh"},
    {"abu_dhabi", "Asia/Dubai"},        {"thailand", "Asia/Bangkok"},
    {"frankfurt", "Europe/Berlin"},     {"munich", "Europe/Berlin"},
    {"hamburg", "Europe/Berlin"},       {"germany", "Europe/Berlin"},
    {"geneva", "Europe/Zurich"},        {"milan", "Europe/Rome"},
    {"barcelona", "Europe/Madrid"},     {"kyiv", "Europe/Kiev"},
    {"st_petersburg", "Europe/Moscow"}, {"manchester", "Europe/London"},
    {"england", "Europe/London"},       {"uk", "Europe/London"},
    {"washington", "America/New_York"}, {"boston", "America/New_York"},
    {"miami", "America/New_York"},      {"atlanta", "America/New_York"},
    {"philadelphia", "America/New_York"}, {"houston", "America/Chicago"},
    {"dallas", "America/Chicago"},      {"san_francisco", "America/Los_Angeles"},
    {"seattle", "America/Los_Angeles"}, {"las_vegas", "America/Los_Angeles"},
    {"montreal", "America/Toronto"},    {"ottawa", "America/Toronto"},
    {"rio_de_janeiro", "America/Sao_Paulo"}, {"canberra", "Australia/Sydney"},
});
// clang-format on

}  // namespace

std::string_view meant_zone(std::string_view name) {
  auto words = folded(name);
  std::ranges::replace(words, ' ', '_');
  const auto last = words.substr(words.find_last_of('/') + 1);
  auto at = std::ranges::find(meant_zones, std::string_view(last), &meant::name);
  return at == meant_zones.end() ? std::string_view{} : at->zone;
}

}  // namespace switchboard::config
